// Small helps on top of pages that work without any script. No inline handlers anywhere: the policy forbids them.
(function () {
  "use strict";

  // A "There is a problem" box takes the focus, so that a keyboard or screen reader lands on it.
  function focusProblems(root) {
    var box = root.querySelector(".problems");
    if (box) box.focus();
  }

  // The account menu closes on Escape and on a click elsewhere.
  function closeMenus(except) {
    document.querySelectorAll("details.account[open]").forEach(function (menu) {
      if (menu !== except) menu.removeAttribute("open");
    });
  }

  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details.account"));
    var printer = event.target.closest("[data-print]");
    if (printer) window.print();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.querySelector("details.account[open]");
    if (open) {
      open.removeAttribute("open");
      open.querySelector("summary").focus();
    }
  });

  // Folded parts open for print in browsers without ::details-content, and fold again afterwards.
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.prototype.slice.call(document.querySelectorAll("main details:not([open])"));
    opened.forEach(function (part) { part.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (part) { part.open = false; });
    opened = [];
  });

  // When the part that held the focus was replaced, the focus goes to what replaced it, not to the top of the page.
  document.addEventListener("htmx:afterSettle", function (event) {
    focusProblems(event.target);
    if (document.activeElement === document.body && event.target.matches("[tabindex]")) event.target.focus();
  });

  document.addEventListener("DOMContentLoaded", function () { focusProblems(document); });
})();
