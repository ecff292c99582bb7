// For the page to which the bank sends the customer back. Where a frame may keep nothing, the customer opens the checkout again.
try { sessionStorage.setItem(kept, location.pathname) } catch { }
