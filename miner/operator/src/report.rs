//! Tables for people in a terminal, plain lines for a pipe, JSON for programs.

use std::io::IsTerminal;

use comfy_table::{Cell, Color, ContentArrangement, presets::UTF8_BORDERS_ONLY};
use serde_json::{Map, Value};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// With borders and colours.
    Terminal,
    /// A header and a line for each row, cells separated by tabs.
    Plain,
    /// JSON.
    Json,
}

impl Style {
    /// What suits standard output.
    pub fn detect(as_json: bool) -> Self {
        match (as_json, std::io::stdout().is_terminal()) {
            (true, _) => Self::Json,
            (false, true) => Self::Terminal,
            (false, false) => Self::Plain,
        }
    }
}

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// As it should be.
    Good,
    /// It may cost something later.
    Warning,
    /// It costs earnings now.
    Bad,
}

impl From<Mark> for Value {
    fn from(mark: Mark) -> Self {
        Self::from(match mark {
            Mark::Good => "good",
            Mark::Warning => "warning",
            Mark::Bad => "bad",
        })
    }
}

/// A table with a title.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    title: String,
    columns: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
}

impl Table {
    /// An empty one.
    pub fn new(title: impl Into<String>, columns: &[&'static str]) -> Self {
        Self {
            title: title.into(),
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row: a cell for each column. Missing cells stay empty, further ones are left out.
    pub fn row<const N: usize>(&mut self, cells: [Value; N]) -> &mut Self {
        let mut cells = Vec::from(cells);
        cells.resize(self.columns.len(), Value::Null);
        self.rows.push(cells);
        self
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows as objects.
    pub fn json(&self) -> Value {
        self.rows
            .iter()
            .map(|row| {
                let cells = self.columns.iter().zip(row);
                Value::Object(
                    cells
                        .map(|(column, cell)| (column.to_string(), cell.clone()))
                        .collect(),
                )
            })
            .collect()
    }

    /// The table as text, with a newline at its end.
    pub fn render(&self, style: Style) -> String {
        match style {
            Style::Json => format!("{:#}\n", self.json()),
            Style::Plain => self.lines(),
            Style::Terminal => self.drawing(),
        }
    }

    fn lines(&self) -> String {
        let mut text = format!("# {}\n{}\n", self.title, self.columns.join("\t"));
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(shown).collect();
            text.push_str(&cells.join("\t"));
            text.push('\n');
        }
        text
    }

    fn drawing(&self) -> String {
        let mut table = comfy_table::Table::new();
        table
            .load_preset(UTF8_BORDERS_ONLY)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_header(&self.columns);
        for row in &self.rows {
            table.add_row(row.iter().map(|value| {
                let cell = Cell::new(shown(value));
                match value.as_str() {
                    Some("good") => cell.fg(Color::Green),
                    Some("warning") => cell.fg(Color::Yellow),
                    Some("bad") => cell.fg(Color::Red),
                    _ => cell,
                }
            }));
        }
        format!("{}\n{table}\n", self.title)
    }
}

/// Writes tables to standard output; as JSON, one object with a list under each title.
pub fn print(tables: &[Table], style: Style) {
    match style {
        Style::Json => {
            let object: Map<String, Value> = tables
                .iter()
                .map(|table| (table.title.clone(), table.json()))
                .collect();
            println!("{:#}", Value::Object(object));
        }
        style => {
            let texts: Vec<String> = tables.iter().map(|table| table.render(style)).collect();
            print!("{}", texts.join("\n"));
        }
    }
}

/// A cell as text: numbers with up to six decimals, and nothing that could steer a terminal.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::String(text) => text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => {
                let text = format!("{float:.6}");
                text.trim_end_matches('0').trim_end_matches('.').into()
            }
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new("miners", &["uid", "score", "state"]);
        table.row([1.into(), 0.25.into(), Mark::Good.into()]);
        table.row([2.into(), Value::Null, "\u{1b}[2Jgone\n".into()]);
        table
    }

    #[test]
    fn a_pipe_gets_a_line_for_each_row() {
        assert_eq!(
            table().render(Style::Plain),
            "# miners\nuid\tscore\tstate\n1\t0.25\tgood\n2\t\t [2Jgone \n"
        );
    }

    #[test]
    fn a_terminal_gets_borders_and_no_foreign_escapes() {
        let text = table().render(Style::Terminal);
        assert!(text.contains('│') && text.contains("good"), "{text}");
        assert!(!text.contains("\u{1b}[2J"), "{text}");
    }

    #[test]
    fn programs_get_values_with_their_types() {
        let json = table().json();
        assert_eq!(
            json[0],
            serde_json::json!({ "uid": 1, "score": 0.25, "state": "good" })
        );
        assert_eq!(json[1]["score"], Value::Null);
    }

    #[test]
    fn a_short_row_is_filled_up() {
        let mut table = Table::new("t", &["a", "b"]);
        table.row([1.into()]);
        assert_eq!(table.json(), serde_json::json!([{ "a": 1, "b": null }]));
    }
}
