//! Where a running network shows itself: a table that is redrawn in place in a terminal, lines in a pipe, JSON for
//! programs. What people read besides goes to standard error.

use std::io::{self, Write};

use neuron_operator::report::Style;
use serde_json::Value;

use crate::view::View;

/// Standard output, and how it is written to.
pub struct Screen {
    style: Style,
    /// Lines of the drawing that stands in the terminal now.
    drawn: usize,
    /// The last view, drawn again when the line below it changes.
    last: Option<View>,
}

impl Screen {
    /// The screen that suits standard output.
    pub fn open(as_json: bool) -> Self {
        let can_steer = std::env::var_os("TERM").is_some_and(|term| term != "dumb");
        let style = match Style::detect(as_json) {
            Style::Terminal if !can_steer => Style::Plain,
            style => style,
        };
        Self {
            style,
            drawn: 0,
            last: None,
        }
    }

    /// Says something to people.
    pub fn say(&mut self, text: &str) {
        // Written on the same terminal as the table, which makes room for it.
        let _ = self.erase();
        eprintln!("{text}");
        let _ = self.draw("");
    }

    /// Tells programs something; people see it otherwise.
    ///
    /// **Errors:** nobody reads any more.
    pub fn tell(&mut self, value: &Value) -> io::Result<()> {
        if self.style == Style::Json {
            writeln!(io::stdout(), "{value}")?;
        }
        Ok(())
    }

    /// Shows a view.
    ///
    /// **Errors:** nobody reads any more.
    pub fn show(&mut self, view: View) -> io::Result<()> {
        match self.style {
            Style::Json => writeln!(io::stdout(), "{}", view.json()),
            Style::Plain => {
                let text = view.table(Style::Plain).render(Style::Plain);
                io::stdout().write_all(text.as_bytes())
            }
            Style::Terminal => {
                self.erase()?;
                self.last = Some(view);
                self.draw("")
            }
        }
    }

    /// Changes the line below the table, where there is one.
    ///
    /// **Errors:** nobody reads any more.
    pub fn note(&mut self, line: &str) -> io::Result<()> {
        if self.style == Style::Terminal {
            self.erase()?;
            self.draw(line)?;
        }
        Ok(())
    }

    fn erase(&mut self) -> io::Result<()> {
        if self.drawn > 0 {
            write!(io::stdout(), "\u{1b}[{}A\u{1b}[J", self.drawn)?;
            io::stdout().flush()?;
            self.drawn = 0;
        }
        Ok(())
    }

    fn draw(&mut self, line: &str) -> io::Result<()> {
        let Some(view) = &self.last else {
            return Ok(());
        };
        if self.style != Style::Terminal {
            return Ok(());
        }
        let mut text = view.table(Style::Terminal).render(Style::Terminal);
        if !line.is_empty() {
            text.push_str(line);
            text.push('\n');
        }
        io::stdout().write_all(text.as_bytes())?;
        io::stdout().flush()?;
        self.drawn = text.lines().count();
        Ok(())
    }
}
