### The journal and its posts.

journal-title = Journal
journal-about = Workshops, materials, and how to live with things: notes from the people who sell them.

journal-empty = Nothing is written yet
    .text = The first story is on its way.
    .shop = Go to the shop

# Above the newest posts on the home page.
journal-home = From the journal
    .all = All stories

# Above other posts at the foot of a post.
journal-others = More from the journal
