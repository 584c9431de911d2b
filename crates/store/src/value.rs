//! One value going into or coming out of either database.

use std::borrow::Cow;

use standard::Refusal;
use uuid::Uuid;

/// What a column or an argument holds. Nulls carry their kind, because PostgreSQL types each argument.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// An absent value of a kind.
    Null(Kind),
    /// BIGINT: counts, fen, yyyymm months, microseconds, region codes.
    Integer(i64),
    /// TEXT.
    Text(String),
    /// BYTEA or BLOB.
    Blob(Vec<u8>),
    /// UUID, on SQLite a BLOB of 16 bytes.
    Uuid(Uuid),
    /// BOOLEAN.
    Bool(bool),
}

/// The type of a [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Integer,
    Text,
    Blob,
    Uuid,
    Bool,
}

/// Values may be personal data, so Debug shows their kind only.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Null(kind) => write!(f, "Null({kind:?})"),
            other => write!(f, "{:?}(…)", other.kind()),
        }
    }
}

impl Value {
    /// The kind of this value, also when it is null.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Null(kind) => *kind,
            Value::Integer(_) => Kind::Integer,
            Value::Text(_) => Kind::Text,
            Value::Blob(_) => Kind::Blob,
            Value::Uuid(_) => Kind::Uuid,
            Value::Bool(_) => Kind::Bool,
        }
    }

    /// Whether the value is absent.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null(_))
    }
}

/// The arguments of one statement, in the order of `$1`, `$2`…; build them with [`args!`](crate::args).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Args(pub(crate) Vec<Value>);

impl Args {
    /// No arguments.
    pub fn new() -> Args {
        Args(Vec::new())
    }

    /// Room for `count` arguments.
    pub fn with_capacity(count: usize) -> Args {
        Args(Vec::with_capacity(count))
    }

    /// Adds one argument at the end and gives its number (1 for the first), to write `$n`.
    pub fn push(&mut self, value: impl ToArg) -> usize {
        self.0.push(value.to_arg());
        self.0.len()
    }

    /// Adds the arguments of an [`in_list`](crate::in_list).
    pub fn extend<T: ToArg>(&mut self, values: impl IntoIterator<Item = T>) {
        self.0.extend(values.into_iter().map(|value| value.to_arg()));
    }

    /// Adds all arguments of `more` at the end.
    pub fn append(&mut self, more: Args) {
        self.0.extend(more.0);
    }

    /// How many arguments there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Builds [`Args`]: `args![id, name, Some(month), amount]`.
#[macro_export]
macro_rules! args {
    () => { $crate::Args::new() };
    ($($value:expr),+ $(,)?) => {
        $crate::Args::from(vec![$($crate::ToArg::to_arg(&$value)),+])
    };
}

impl From<Vec<Value>> for Args {
    fn from(values: Vec<Value>) -> Args {
        Args(values)
    }
}

/// `($3, $4, $5)` for `count` 3 and `first` 3; `(NULL)` when empty, which matches nothing.
pub fn in_list(count: usize, first: usize) -> String {
    if count == 0 {
        return "(NULL)".into();
    }
    let numbers: Vec<String> = (first..first + count).map(|n| format!("${n}")).collect();
    format!("({})", numbers.join(", "))
}

/// A type that can be an argument.
pub trait ToArg {
    /// The kind of column it goes into.
    const KIND: Kind;
    /// The value as the databases store it.
    fn to_arg(&self) -> Value;
}

/// A type that can be read from a column.
pub trait FromColumn: Sized {
    /// Reads the stored form; the text says what was expected, never what was found.
    fn from_column(value: &Value) -> Result<Self, Cow<'static, str>>;
}

/// One row of an answer; columns are taken by name.
#[derive(Clone, Debug)]
pub struct Row {
    pub(crate) columns: std::sync::Arc<[Box<str>]>,
    pub(crate) values: Vec<Value>,
}

impl Row {
    /// The column `name` as a `T`; use `Option<T>` where it may be null.
    pub fn get<T: FromColumn>(&self, name: &str) -> Result<T, Refusal> {
        let value = self.value(name)?;
        T::from_column(value).map_err(|expected| {
            Refusal::internal(format!(
                "column {name} holds {}{:?} where {expected} was expected",
                if value.is_null() { "null " } else { "" },
                value.kind()
            ))
        })
    }

    /// The column at `index` (0 is the first) as a `T`.
    pub fn at<T: FromColumn>(&self, index: usize) -> Result<T, Refusal> {
        let value = self
            .values
            .get(index)
            .ok_or_else(|| Refusal::internal(format!("the answer has no column {index}")))?;
        T::from_column(value)
            .map_err(|expected| Refusal::internal(format!("column {index} holds {:?} where {expected} was expected", value.kind())))
    }

    /// The raw value of the column `name`.
    pub fn value(&self, name: &str) -> Result<&Value, Refusal> {
        self.columns
            .iter()
            .position(|column| &**column == name)
            .and_then(|index| self.values.get(index))
            .ok_or_else(|| Refusal::internal(format!("the answer has no column {name}")))
    }

    /// The names of the columns in order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|name| &**name)
    }
}

/// The refusal of a `one` that found nothing.
pub(crate) fn nothing_found() -> Refusal {
    Refusal::not_found("record_not_found", "找不到这条记录。", "This record does not exist.")
}
