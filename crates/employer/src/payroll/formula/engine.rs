//! Rhai, restricted to one arithmetic expression.

use std::sync::LazyLock;

use rhai::{AST, Dynamic, Engine, EvalAltResult, INT, ParseErrorType, Position, Scope};
use standard::Finding;

use super::names::{COUNT, Figure, Figures};
use super::number::{Fault, Number};

/// Longest formula in characters.
const CHARS_MAX: usize = 500;
/// Operations one evaluation may take; the longest formula needs fewer.
const OPERATIONS_MAX: u64 = 2_000;
/// How deep brackets and calls may nest; rhai counts each of them as two levels.
const DEPTH_MAX: usize = 24;
/// Digits of a number in a formula, the decimals included.
const DIGITS_MAX: usize = 15;

/// What is wrong with a formula, and at which character (from 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormulaFault {
    /// The finding, its field `formula`.
    pub finding: Finding,
    /// Where, when it is known.
    pub position: Option<usize>,
}

/// A formula, compiled once for all people of a run.
#[derive(Debug, Clone)]
pub struct Formula {
    text: String,
    body: Body,
}

#[derive(Debug, Clone)]
enum Body {
    /// A single name: no engine is needed.
    Name(Figure),
    /// An expression and the figures it may read.
    Expression(Box<AST>, Vec<Figure>),
}

static ENGINE: LazyLock<Engine> = LazyLock::new(engine);

type Outcome<T> = Result<T, Box<EvalAltResult>>;

fn raised<T>(result: Result<T, Fault>) -> Outcome<T> {
    result.map_err(|fault| {
        let words = match fault {
            Fault::Range => "数值超出范围",
            Fault::Zero => "除以零",
        };
        Box::new(EvalAltResult::ErrorArithmetic(words.to_owned(), Position::NONE))
    })
}

/// Registers an operator for fractions and whole numbers alike. Two whole numbers divide exactly too: 1 / 2 is a half.
macro_rules! arithmetic {
    ($engine:ident, $sign:literal, $act:expr, $whole:literal) => {
        $engine.register_fn($sign, |a: Number, b: Number| raised($act(a, b)));
        $engine.register_fn($sign, |a: Number, b: INT| raised($act(a, Number::whole(b))));
        $engine.register_fn($sign, |a: INT, b: Number| raised($act(Number::whole(a), b)));
        if $whole {
            $engine.register_fn($sign, |a: INT, b: INT| raised($act(Number::whole(a), Number::whole(b))));
        }
    };
}

macro_rules! comparison {
    ($engine:ident, $sign:literal, $holds:expr) => {
        $engine.register_fn($sign, |a: Number, b: Number| raised(a.compare(b).map($holds)));
        $engine.register_fn($sign, |a: Number, b: INT| raised(a.compare(Number::whole(b)).map($holds)));
        $engine.register_fn($sign, |a: INT, b: Number| raised(Number::whole(a).compare(b).map($holds)));
    };
}

fn engine() -> Engine {
    let mut engine = Engine::new_raw();
    engine
        .set_max_operations(OPERATIONS_MAX)
        .set_max_expr_depths(DEPTH_MAX * 2)
        .set_max_string_size(64)
        .set_max_variables(COUNT + 1)
        .set_strict_variables(true)
        .set_allow_if_expression(false)
        .set_allow_switch_expression(false)
        .set_allow_loop_expressions(false)
        .set_allow_statement_expression(false)
        .set_allow_looping(false)
        .set_allow_shadowing(false)
        // Off, or rhai would divide whole numbers its own way, dropping the rest.
        .set_fast_operators(false);
    const WITHHELD: [&str; 22] = [
        "eval",
        "print",
        "debug",
        "type_of",
        "Fn",
        "call",
        "curry",
        "is_def_var",
        "is_def_fn",
        "is_shared",
        "this",
        "**",
        "%",
        "<<",
        ">>",
        "&",
        "|",
        "^",
        "??",
        "in",
        "..",
        "..=",
    ];
    for symbol in WITHHELD {
        engine.disable_symbol(symbol);
    }
    engine.register_type_with_name::<Number>("数");
    arithmetic!(engine, "+", Number::plus, false);
    arithmetic!(engine, "-", Number::minus, false);
    arithmetic!(engine, "*", Number::times, false);
    arithmetic!(engine, "/", Number::divided, true);
    comparison!(engine, ">", std::cmp::Ordering::is_gt);
    comparison!(engine, ">=", std::cmp::Ordering::is_ge);
    comparison!(engine, "<", std::cmp::Ordering::is_lt);
    comparison!(engine, "<=", std::cmp::Ordering::is_le);
    comparison!(engine, "==", std::cmp::Ordering::is_eq);
    comparison!(engine, "!=", std::cmp::Ordering::is_ne);
    engine.register_fn("-", |a: Number| raised(a.negative()));
    engine.register_fn("-", |a: INT| raised(Number::whole(a).negative()));
    engine.register_fn("!", |a: bool| !a);
    arithmetic!(engine, "最大", Number::larger, true);
    arithmetic!(engine, "最小", Number::smaller, true);
    engine.register_fn("取整", |a: Number| raised(a.rounded(0)));
    engine.register_fn("取整", |a: INT| a);
    engine.register_fn("保留两位", |a: Number| raised(a.rounded(2)));
    engine.register_fn("保留两位", |a: INT| a);
    engine.register_fn("如果", |yes: bool, a: Number, b: Number| if yes { a } else { b });
    engine.register_fn("如果", |yes: bool, a: Number, b: INT| if yes { a } else { Number::whole(b) });
    engine.register_fn("如果", |yes: bool, a: INT, b: Number| if yes { Number::whole(a) } else { b });
    engine.register_fn("如果", |yes: bool, a: INT, b: INT| if yes { a } else { b });
    engine
}

fn fault(rule: &str, zh: String, en: String, position: Option<usize>) -> FormulaFault {
    let at = position.map(|at| (format!("第 {at} 个字符处："), format!("At character {at}: ")));
    let (at_zh, at_en) = at.unwrap_or_default();
    FormulaFault {
        finding: Finding::blocking(rule, format!("{at_zh}{zh}"), format!("{at_en}{en}"))
            .field("formula")
            .remedy(
                "请使用列表中的数据项、数字、+ − × ÷、比较和括号",
                "Use the listed names, numbers, + − × ÷, comparisons and brackets",
            ),
        position,
    }
}

/// The text as rhai reads it, and for each of its characters which of the formula's it came from. Full-width signs become
/// plain ones, × and ÷ become * and /, and 21.75 becomes (2175/100), which divides exactly.
fn prepared(text: &str) -> Result<(String, Vec<usize>), FormulaFault> {
    let source: Vec<char> = text.chars().map(plain).collect();
    let (mut out, mut from) = (String::new(), Vec::new());
    let mut at = 0;
    while at < source.len() {
        let starts = source[at].is_ascii_digit() && (at == 0 || !is_name(source[at - 1]));
        if !starts {
            out.push(source[at]);
            from.push(at);
            at += 1;
            continue;
        }
        let end = (at..source.len())
            .find(|i| !source[*i].is_ascii_digit() && source[*i] != '.')
            .unwrap_or(source.len());
        let literal: String = source[at..end].iter().collect();
        let ready = number(&literal).ok_or_else(|| {
            fault(
                "formula_number",
                format!("数字“{literal}”不正确或超过 {DIGITS_MAX} 位"),
                format!("the number {literal} is not readable or longer than {DIGITS_MAX} digits"),
                Some(at + 1),
            )
        })?;
        from.extend(std::iter::repeat_n(at, ready.chars().count()));
        out.push_str(&ready);
        at = end;
    }
    Ok((out, from))
}

fn plain(c: char) -> char {
    match c {
        '（' => '(',
        '）' => ')',
        '，' | '、' => ',',
        '＋' => '+',
        '－' | '−' => '-',
        '×' | '＊' => '*',
        '÷' | '／' => '/',
        '＞' => '>',
        '＜' => '<',
        '＝' => '=',
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '．' => '.',
        '\n' | '\r' | '\t' | '　' => ' ',
        other => other,
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn number(literal: &str) -> Option<String> {
    let (whole, decimals) = literal.split_once('.').unwrap_or((literal, ""));
    let bare = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let dotted = literal.contains('.');
    if whole.is_empty() || !bare(decimals) || dotted == decimals.is_empty() || whole.len() + decimals.len() > DIGITS_MAX {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    if !dotted {
        return Some(if whole.is_empty() { "0".to_owned() } else { whole.to_owned() });
    }
    let digits = format!("{whole}{decimals}");
    let digits = digits.trim_start_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    Some(format!("({digits}/1{})", "0".repeat(decimals.len())))
}

impl Formula {
    /// Reads a formula; refuses whatever is not one expression over known names, with the place of the fault.
    pub fn parse(text: &str) -> Result<Formula, FormulaFault> {
        let text = text.trim();
        let long = text.chars().count() > CHARS_MAX;
        if text.is_empty() || long {
            let (zh, en) = if long {
                (format!("公式超过 {CHARS_MAX} 个字符"), format!("more than {CHARS_MAX} characters"))
            } else {
                ("公式为空".to_owned(), "the formula is empty".to_owned())
            };
            return Err(fault("formula_length", zh, en, None));
        }
        if let Some(figure) = Figure::ALL.iter().find(|figure| figure.zh() == text) {
            return Ok(Formula {
                text: text.to_owned(),
                body: Body::Name(*figure),
            });
        }
        if let Some(at) = text
            .chars()
            .position(|c| matches!(c, '"' | '\'' | '`' | '{' | '}' | '[' | ']' | ';' | '#' | '@' | '\\'))
        {
            return Err(fault(
                "formula_syntax",
                "公式中不能使用这个符号".to_owned(),
                "this sign has no place in a formula".to_owned(),
                Some(at + 1),
            ));
        }
        let (ready, from) = prepared(text)?;
        let mut scope = Scope::new();
        for figure in Figure::ALL {
            scope.push(figure.zh(), Number::whole(1));
        }
        let ast = ENGINE
            .compile_expression_with_scope(&scope, &ready)
            .map_err(|error| unreadable(&error, &from))?;
        let used = Figure::ALL.iter().copied().filter(|figure| ready.contains(figure.zh())).collect();
        let formula = Formula {
            text: text.to_owned(),
            body: Body::Expression(Box::new(ast), used),
        };
        formula.tried(&from)?;
        Ok(formula)
    }

    /// Runs once with plain figures: an unknown function or a comparison where a number is wanted shows only then.
    fn tried(&self, from: &[usize]) -> Result<(), FormulaFault> {
        match self.run(&Figures::all(Number::whole(1))) {
            Ok(_) => Ok(()),
            Err(error) if matches!(*error, EvalAltResult::ErrorArithmetic(..)) => Ok(()),
            Err(error) => Err(failed(&error, from)),
        }
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The figures it may read.
    pub fn figures(&self) -> &[Figure] {
        match &self.body {
            Body::Name(figure) => std::slice::from_ref(figure),
            Body::Expression(_, used) => used,
        }
    }

    /// The value for one person.
    pub fn value(&self, figures: &Figures) -> Result<Number, FormulaFault> {
        if let Body::Name(figure) = &self.body {
            return Ok(figures.get(*figure));
        }
        self.run(figures).map_err(|error| failed(&error, &[]))
    }

    fn run(&self, figures: &Figures) -> Outcome<Number> {
        let (ast, used) = match &self.body {
            Body::Name(figure) => return Ok(figures.get(*figure)),
            Body::Expression(ast, used) => (ast, used),
        };
        let mut scope = Scope::new();
        for figure in used {
            scope.push_constant(figure.zh(), figures.get(*figure));
        }
        let value: Dynamic = ENGINE.eval_ast_with_scope(&mut scope, ast)?;
        if let Ok(whole) = value.as_int() {
            return Ok(Number::whole(whole));
        }
        value.try_cast::<Number>().ok_or_else(|| {
            Box::new(EvalAltResult::ErrorMismatchOutputType(
                "数".to_owned(),
                "条件".to_owned(),
                Position::NONE,
            ))
        })
    }
}

/// Where in the formula a position of the prepared text is.
fn place(position: Position, from: &[usize]) -> Option<usize> {
    let at = position.position()?.checked_sub(1)?;
    from.get(at).or(from.last()).map(|at| at + 1)
}

fn unreadable(error: &rhai::ParseError, from: &[usize]) -> FormulaFault {
    let at = place(error.position(), from);
    match error.err_type() {
        ParseErrorType::VariableUndefined(name) => fault(
            "formula_unknown_name",
            format!("没有名为“{name}”的数据项"),
            format!("there is no figure named {name}"),
            at,
        ),
        ParseErrorType::ExprTooDeep => fault(
            "formula_too_deep",
            format!("括号嵌套超过 {DEPTH_MAX} 层"),
            format!("nested deeper than {DEPTH_MAX}"),
            at,
        ),
        other => fault("formula_syntax", "公式写法有误".to_owned(), format!("not readable ({other})"), at),
    }
}

fn failed(error: &EvalAltResult, from: &[usize]) -> FormulaFault {
    let at = place(error.position(), from);
    match error {
        EvalAltResult::ErrorFunctionNotFound(signature, _) => fault(
            "formula_unknown_function",
            format!("没有这样的函数或运算：{signature}"),
            format!("there is no such function or operation: {signature}"),
            at,
        ),
        EvalAltResult::ErrorArithmetic(words, _) => fault(
            "formula_arithmetic",
            format!("计算出错：{words}"),
            format!("cannot be computed: {words}"),
            at,
        ),
        EvalAltResult::ErrorTooManyOperations(_) => fault(
            "formula_too_long",
            "公式的运算次数过多".to_owned(),
            "too many operations".to_owned(),
            at,
        ),
        _ => fault(
            "formula_type",
            "公式的结果应是一个数".to_owned(),
            format!("a number must come out ({error})"),
            at,
        ),
    }
}
