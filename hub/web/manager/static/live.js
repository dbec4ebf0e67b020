// Puts each new tap on top of the list as the hub tells it; without this script the page shows what it was sent.
"use strict";
(function () {
  var list = document.querySelector("[data-live]");
  var state = document.querySelector("[data-live-state]");
  var source = null;
  if (!list || !window.EventSource) return;

  function say(on) {
    if (!state || (!on && state.classList.contains("off"))) return; // keep the time at which it broke
    state.className = "live-state " + (on ? "on" : "off");
    state.textContent = on ? state.dataset.on : state.dataset.off + " " + new Date().toTimeString().slice(0, 5);
  }

  function show(event) {
    var holder = document.createElement("template");
    holder.innerHTML = event.data;
    var tap = holder.content.querySelector(".tap");
    if (!tap || list.querySelector('[data-tap="' + tap.dataset.tap + '"]')) return;
    var none = list.parentNode.querySelector(".empty");
    if (none) none.remove();
    (tap.dataset.replaces || "").split(" ").forEach(function (id) { // an answer that was changed is one answer
      var old = id && list.querySelector('[data-tap="' + id + '"]');
      if (old) old.remove();
    });
    tap.classList.add("new");
    list.prepend(tap);
    while (list.children.length > Number(list.dataset.most)) list.lastElementChild.remove();
  }

  function listen() { // a page that nobody sees holds no line: a browser has only six to one hub
    if (source) source.close();
    source = null;
    if (document.hidden) return;
    var newest = list.firstElementChild ? list.firstElementChild.dataset.tap : 0;
    source = new EventSource(list.dataset.live + "?after=" + newest + "&last=" + list.dataset.most);
    source.onopen = function () { say(true); };
    source.onerror = function () { say(false); };
    source.addEventListener("tap", show);
  }

  document.addEventListener("visibilitychange", listen);
  listen();
})();
