//! Small real models made by this project, the text that they learned from, and their training.
