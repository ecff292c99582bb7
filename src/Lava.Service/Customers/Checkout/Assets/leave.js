// A customer who went elsewhere in another window comes back to a page that knows what happened there.
document.getElementById("leave").addEventListener("click", () =>
  document.addEventListener("visibilitychange", () => { if (!document.hidden) location.replace(location.pathname) }));
