//! What the button of each form does.
