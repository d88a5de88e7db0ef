//! Takes, children and destinations of income.
