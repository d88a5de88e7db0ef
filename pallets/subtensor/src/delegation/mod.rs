//! Delegation: takes, children, destinations of income (section 8.3 of the economics).

mod children;
mod destination;
mod take;
