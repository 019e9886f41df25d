// Tells those whose browser knows no modules that it cannot show the page; written for such browsers.

document.getElementById("old").removeAttribute("hidden");
