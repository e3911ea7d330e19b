// Unfold's content area is a plain box; screen readers look for a main landmark.
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  var content = document.getElementById("content");
  if (content && !document.querySelector("main, [role=main]")) content.setAttribute("role", "main");
});
