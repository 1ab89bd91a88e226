//! The moving parts; everything else is still HTML.
