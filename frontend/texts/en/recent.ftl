### What was looked at last, which the browser alone remembers.

recent-title = You looked at
    .forget = Forget these
