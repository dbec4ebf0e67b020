// Remembers which touchpoints are unfolded, also when the page renews itself; without it the tree folds all the same.
"use strict";
(function () {
  function key(tree) { return "taploop-tree-" + tree.dataset.tree; }

  function restore() {
    var tools = document.querySelector("[data-tree-tools]");
    var tree = document.querySelector("[data-tree]");
    if (!tree) return;
    if (tools) tools.hidden = false;
    var kept = sessionStorage.getItem(key(tree));
    if (kept === null) return;
    var open = kept.split(",");
    tree.querySelectorAll("details").forEach(function (node) { node.open = open.indexOf(node.id) >= 0; });
  }

  function keep() {
    var tree = document.querySelector("[data-tree]");
    if (!tree) return;
    var open = Array.from(tree.querySelectorAll("details[open]"), function (node) { return node.id; });
    sessionStorage.setItem(key(tree), open.join(","));
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-unfold]");
    if (!button) return;
    document.querySelectorAll("[data-tree] details").forEach(function (node, index) {
      node.open = button.dataset.unfold === "all" || index === 0;
    });
  });
  document.addEventListener("toggle", function (event) { if (event.target.closest("[data-tree]")) keep(); }, true);
  document.body.addEventListener("htmx:afterSwap", restore);
  restore();
})();
