// Keys on top of pages that work without any script: J and K, "/", "?", Ctrl+K. No inline handlers: the policy forbids
// them. Single keys can be switched off in the list of keys; that is kept in this browser.
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  var SWITCH = "aso.single-keys";
  var rows = Array.prototype.slice.call(document.querySelectorAll("[data-key-row]"));

  function singleKeys() {
    try { return localStorage.getItem(SWITCH) !== "off"; } catch (refused) { return true; }
  }

  function make(tag, options, children) {
    var made = document.createElement(tag);
    Object.keys(options || {}).forEach(function (name) {
      if (name === "text") made.textContent = options[name];
      else made.setAttribute(name, options[name]);
    });
    (children || []).forEach(function (child) { made.appendChild(child); });
    return made;
  }

  function isTyping(element) {
    return element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) &&
      !/^(checkbox|radio|button|submit)$/.test(element.type));
  }

  // J and K: the next and the previous line of a list; on one claim, the next and the previous claim that waits.
  function opener(row) { return row.querySelector("[data-key-open]") || row.querySelector("a, button"); }

  function step(by) {
    if (rows.length) {
      var at = rows.findIndex(function (row) { return row.contains(document.activeElement); });
      var next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
      var control = opener(rows[next]);
      if (control) control.focus();
      return;
    }
    var link = document.querySelector(by > 0 ? "[data-key-next]" : "[data-key-previous]");
    if (link) link.click();
  }

  function search() {
    var field = document.querySelector("[data-key-search], #searchbar");
    if (field) field.focus();
    return Boolean(field);
  }

  // The list of keys.
  function keyRow(keys, words) {
    return make("tr", {}, [make("th", { scope: "row" }, [make("kbd", { text: keys })]), make("td", { text: words })]);
  }

  var help = null;
  function showHelp() {
    if (!help) {
      var off = make("input", { type: "checkbox", id: "single-keys" });
      off.checked = singleKeys();
      off.addEventListener("change", function () {
        try { localStorage.setItem(SWITCH, off.checked ? "on" : "off"); } catch (refused) { off.checked = true; }
      });
      var table = make("table", { "class": "ops-table tight" }, [
        make("caption", { "class": "ops-hidden", text: "Keys and what they do" }),
        make("tbody", {}, [
          keyRow("J", "next line, or next claim"), keyRow("K", "previous line, or previous claim"),
          keyRow("Enter", "open the line"), keyRow("/", "search, or narrow the list"),
          keyRow("?", "this list"), keyRow("Ctrl+K", "find a page or a command"), keyRow("Esc", "close")
        ])
      ]);
      var close = make("button", { type: "submit", "class": "ops-button quiet", text: "Close" });
      help = make("dialog", { "class": "ops-dialog", "aria-labelledby": "keys-title" }, [
        make("h2", { id: "keys-title", text: "Keys" }), table,
        make("p", { "class": "ops-check" }, [off, make("label", { "for": "single-keys", text: "Single keys (J, K, / and ?) work in this browser" })]),
        make("form", { method: "dialog" }, [close])
      ]);
      document.body.appendChild(help);
    }
    if (!help.open) help.showModal();
  }

  // The palette: pages of the menu and commands of this page, never rows of a table.
  var palette = null, field, list, entries;

  function commands() {
    var seen = {}, found = [];
    document.querySelectorAll("[data-command]").forEach(function (element) {
      found.push({ words: element.dataset.command, act: function () {
        var folded = element.closest("details");
        if (folded) folded.open = true;
        element.focus();
        if (element.tagName === "A") element.click();
      } });
    });
    document.querySelectorAll("#nav-sidebar a[href], #nav-sidebar-apps a[href], .ops-tabs a[href]").forEach(function (link) {
      var words = link.textContent.replace(/\s+/g, " ").trim();
      if (!words || seen[link.href]) return;
      seen[link.href] = true;
      found.push({ words: "Go to " + words, act: function () { location.href = link.href; } });
    });
    if (!found.some(function (each) { return each.words.indexOf("Keys") === 0; }))
      found.push({ words: "Keys", act: showHelp });
    return found;
  }

  function narrow() {
    var asked = field.value.toLowerCase().split(/\s+/);
    var first = null;
    entries.forEach(function (each) {
      var words = each.words.toLowerCase();
      each.button.parentNode.hidden = !asked.every(function (part) { return words.indexOf(part) >= 0; });
      if (!first && !each.button.parentNode.hidden) first = each;
    });
    return first;
  }

  function choose(each) {
    palette.close();
    each.act();
  }

  function shownButtons() {
    return entries.map(function (each) { return each.button; }).filter(function (one) { return !one.parentNode.hidden; });
  }

  function showPalette() {
    if (!palette) {
      field = make("input", { type: "search", id: "palette-field", autocomplete: "off", "aria-controls": "palette-list" });
      list = make("ul", { id: "palette-list", "class": "ops-palette" });
      palette = make("dialog", { "class": "ops-dialog", "aria-label": "Find a page or a command" }, [
        make("div", { "class": "ops-field" }, [make("label", { "for": "palette-field", text: "Find a page or a command" }), field]), list
      ]);
      field.addEventListener("input", narrow);
      palette.addEventListener("keydown", function (event) {
        var shown = shownButtons(), at = shown.indexOf(document.activeElement);
        if (event.key === "Enter" && document.activeElement === field) {
          event.preventDefault();
          var first = narrow();
          if (first) choose(first);
        } else if (event.key === "ArrowDown" && shown.length) {
          event.preventDefault();
          shown[Math.min(shown.length - 1, at + 1)].focus();
        } else if (event.key === "ArrowUp") {
          event.preventDefault();
          (at > 0 ? shown[at - 1] : field).focus();
        }
      });
      document.body.appendChild(palette);
    }
    list.textContent = "";
    entries = commands();
    entries.forEach(function (each) {
      each.button = make("button", { type: "button", text: each.words });
      each.button.addEventListener("click", function () { choose(each); });
      list.appendChild(make("li", {}, [each.button]));
    });
    field.value = "";
    if (!palette.open) palette.showModal();
    field.focus();
  }

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      showPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !singleKeys()) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "?") { event.preventDefault(); showHelp(); }
    else if (event.key === "/" && search()) event.preventDefault();
  });
});
