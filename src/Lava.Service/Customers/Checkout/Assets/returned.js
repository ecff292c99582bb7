// In the tab that the customer left, the checkout's own page goes on.
try {
  const own = sessionStorage.getItem(kept);
  if (own) location.replace(own + "?returned=1");
} catch { }
