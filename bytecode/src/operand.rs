//! What an operand means: the kinds, and the small enumerations that operands name.

use std::cmp::Ordering;

/// How an operand is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OperandKind {
    /// No operand; must be 0.
    None,
    /// A number whose meaning the row states.
    Count,
    /// Index of a constant.
    Const,
    /// Index of a name.
    Name,
    /// Index of a local, cell or free variable.
    Local,
    /// Index of an instruction.
    Target,
    /// A [`BinaryOp`].
    Binary,
    /// A [`CompareOp`].
    Compare,
    /// A [`Conversion`].
    Convert,
    /// A [`Common`].
    Common,
    /// A [`Special`].
    Special,
    /// A [`FunctionPart`].
    Part,
    /// A [`TypeForm`].
    Form,
}

macro_rules! operand_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$doc])* $variant),* }

        impl $name {
            /// All of them, by number.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// The one with this number.
            pub fn from_arg(arg: u32) -> Option<$name> {
                $name::ALL.get(arg as usize).copied()
            }

            /// How source or `dis` writes it.
            pub fn text(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }
    };
}

operand_enum! {
    /// Binary operators, then their in-place forms in the same order.
    BinaryOp {
        Add = "+", And = "&", FloorDivide = "//", LeftShift = "<<", MatrixMultiply = "@", Multiply = "*",
        Remainder = "%", Or = "|", Power = "**", RightShift = ">>", Subtract = "-", TrueDivide = "/", Xor = "^",
        InplaceAdd = "+=", InplaceAnd = "&=", InplaceFloorDivide = "//=", InplaceLeftShift = "<<=",
        InplaceMatrixMultiply = "@=", InplaceMultiply = "*=", InplaceRemainder = "%=", InplaceOr = "|=",
        InplacePower = "**=", InplaceRightShift = ">>=", InplaceSubtract = "-=", InplaceTrueDivide = "/=",
        InplaceXor = "^=",
    }
}

impl BinaryOp {
    /// How many operators there are, without their in-place forms.
    pub const PLAIN: usize = 13;

    /// The operator itself, and whether it was the in-place form.
    pub fn plain(self) -> (BinaryOp, bool) {
        let number = self as usize;
        (BinaryOp::ALL[number % BinaryOp::PLAIN], number >= BinaryOp::PLAIN)
    }

    /// The in-place form of a plain operator.
    pub fn in_place(self) -> BinaryOp {
        BinaryOp::ALL[self as usize % BinaryOp::PLAIN + BinaryOp::PLAIN]
    }
}

operand_enum! {
    /// Rich comparisons.
    CompareOp { Lt = "<", Le = "<=", Eq = "==", Ne = "!=", Gt = ">", Ge = ">=" }
}

impl CompareOp {
    /// Whether it holds of two values of this order.
    #[inline]
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            CompareOp::Lt => order.is_lt(),
            CompareOp::Le => order.is_le(),
            CompareOp::Eq => order.is_eq(),
            CompareOp::Ne => order.is_ne(),
            CompareOp::Gt => order.is_gt(),
            CompareOp::Ge => order.is_ge(),
        }
    }
}

operand_enum! {
    /// The `!` conversions of an f-string.
    Conversion {
        /// No conversion (only in an interpolation).
        None = "",
        Str = "str", Repr = "repr", Ascii = "ascii",
    }
}

operand_enum! {
    /// Objects that code needs whatever the names mean.
    Common {
        AssertionError = "AssertionError", NotImplementedError = "NotImplementedError", Tuple = "tuple",
        All = "all", Any = "any", List = "list", Set = "set",
    }
}

operand_enum! {
    /// Special methods that `with` and `async with` look up on the type.
    Special { Enter = "__enter__", Exit = "__exit__", AsyncEnter = "__aenter__", AsyncExit = "__aexit__" }
}

operand_enum! {
    /// The parts of a function that are set after it is made.
    FunctionPart {
        /// A tuple of positional defaults.
        Defaults = "defaults",
        /// A dict of keyword-only defaults.
        KwDefaults = "kwdefaults",
        /// A tuple of cells.
        Closure = "closure",
        /// A function that computes the annotations.
        Annotate = "annotate",
    }
}

operand_enum! {
    /// What `BUILD_TYPE_FORM` builds; its arguments, in order.
    TypeForm {
        /// `( name -- typevar )`
        TypeVar = "TypeVar",
        /// `( name, compute_bound -- typevar )`
        TypeVarBound = "TypeVar with bound",
        /// `( name, compute_constraints -- typevar )`
        TypeVarConstraints = "TypeVar with constraints",
        /// `( name -- paramspec )`
        ParamSpec = "ParamSpec",
        /// `( name -- typevartuple )`
        TypeVarTuple = "TypeVarTuple",
        /// `( name, type_params, compute_value -- alias )`
        TypeAlias = "TypeAliasType",
        /// `( type_params -- generic_base )`
        Generic = "Generic",
        /// `( type_param, compute_default -- type_param )`
        SetDefault = "default of a type parameter",
        /// `( function, type_params -- function )`
        SetTypeParams = "type parameters of a function",
    }
}

impl TypeForm {
    /// How many values it takes; 0 for a number that is none of them (which the verifier refuses).
    pub fn args(arg: u32) -> u32 {
        match TypeForm::from_arg(arg) {
            Some(TypeForm::TypeVar | TypeForm::ParamSpec | TypeForm::TypeVarTuple | TypeForm::Generic) => 1,
            Some(TypeForm::TypeVarBound | TypeForm::TypeVarConstraints) => 2,
            Some(TypeForm::SetDefault | TypeForm::SetTypeParams) => 2,
            Some(TypeForm::TypeAlias) => 3,
            None => 0,
        }
    }
}
