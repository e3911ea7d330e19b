// Unfold's content area is a plain box; screen readers look for a main landmark.
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  var content = document.getElementById("content");
  if (content && !document.querySelector("main, [role=main]")) content.setAttribute("role", "main");
});

// A box with data-poll shows the page at that address again every few seconds: more slowly while nothing moves or the
// window is hidden, and never while the focus is inside it. What is done is said aloud at each quarter.
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  var problems = document.querySelector("[data-takes-focus]");
  if (problems) problems.focus();
  var box = document.querySelector("[data-poll]");
  if (!box) return;
  var says = document.querySelector("[data-monitor-says]");
  var quickest = Number(box.dataset.pollSeconds) * 1000;
  var said = null;

  function state() {
    var table = box.querySelector("[data-percent]");
    return table ? { percent: Number(table.dataset.percent), open: Number(table.dataset.open) } : { percent: 100, open: 0 };
  }

  function tell() {
    var now = state();
    var quarter = now.open ? Math.floor(now.percent / 25) * 25 : 100;
    if (quarter === said) return;
    if (says && (said !== null || now.open)) says.textContent = now.open ? quarter + " % done" : "All nights are closed";
    said = quarter;
  }

  function again() {
    setTimeout(look, document.hidden ? quickest * 5 : state().open ? quickest : quickest * 5);
  }

  function look() {
    if (box.contains(document.activeElement)) return again();
    fetch(box.dataset.poll, { credentials: "same-origin", redirect: "error" })
      .then(function (reply) {
        if (!reply.ok) throw new Error(reply.status);
        return reply.text();
      })
      .then(function (html) {
        box.innerHTML = html;
        tell();
      })
      .catch(function () {
        if (says) says.textContent = "The monitor cannot be reached; reload the page to sign in again.";
      })
      .finally(again);
  }

  tell();
  again();
});
