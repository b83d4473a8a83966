//! The table of the running form: what each stack instruction becomes, and which handlers run that.
//!
//! # Reading a row
//!
//! ```text
//!     LoadDictOrDeref => unary(LoadDictOrDeref = names::load_dict_or_deref);
//!     ForIter => for_iter() [ForIter = control::for_iter, ForRange = moves::for_range];
//! ```
//!
//! A stack instruction ([`ryokan_bytecode::Op`]), the *way* in which it is lowered, and its running opcodes with their handlers. The way is
//! a method of `Lowering` (`lower/emit/`), and is given the opcodes in parentheses; those in brackets it writes by name, or a handler writes
//! them later over the first. The last row has the opcodes that belong to no one stack instruction.
//!
//! | way | the instruction |
//! |---|---|
//! | `plain` | takes nothing and leaves nothing; `a` is its operand |
//! | `fresh` | leaves a value in `a`; `c` is its operand |
//! | `unary` | looks at the register `b`, leaves a value in `a`; `c` is its operand |
//! | `build` | takes the temporaries from `b` on, as many as its drawn effect says, leaves a value in `a`; `c` is its operand |
//! | `effect` | takes them, and leaves nothing; `c` is its operand |
//! | `in_place` | takes them, and leaves what its effect says in the same place; `c` is its operand |
//! | `append` | takes the temporaries from `b` on, for the container `a` that lies below them |
//!
//! Every other way is of one instruction, or of a few.
//!
//! # Who expands it
//!
//! This page makes [`RunOp`]; `lower/emit.rs` a match from stack instruction to way, which is whole or does not compile; `ops/mod.rs` the
//! handlers by opcode. There is no other list.

/// Calls `$with!` with every row of the table.
macro_rules! for_each_run_op {
    ($with:ident) => {
        $with! {
            // ---- the stack and constants -----------------------------------------------------------------------
            Nop => skip();
            Resume => skip();
            PopTop => pop_top() [Drop = moves::drop_temp];
            Copy => copy() [CopyTemp = moves::copy_temp, CopyBits = moves::move_last];
            Swap => swap() [SwapTemps = moves::swap_temps];
            PushNull => push_null() [Null = moves::null];
            LoadConst => load_const() [LoadK = moves::load_k, LoadFarK = moves::load_far_k];
            LoadSmallInt => load_small_int();
            LoadCommonConstant => fresh(LoadCommon = names::load_common) [UnlessCommon = moves::unless_common];
            LoadBuildClass => fresh(LoadBuildClass = names::load_build_class);

            // ---- locals and cells ------------------------------------------------------------------------------
            LoadFast => load_fast();
            LoadFastCheck => load_fast_check() [CheckBound = names::check_bound];
            LoadFastAndClear => load_fast_and_clear() [TakeLocal = moves::take_local];
            StoreFast => store_fast();
            RestoreFast => restore_fast();
            DeleteFast => delete_fast() [DeleteFast = names::delete_fast];
            MakeCell => plain(MakeCell = names::make_cell);
            CopyFreeVars => copy_free() [CopyFree = names::copy_free];
            LoadClosure => fresh(LoadClosure = names::load_closure);
            LoadDeref => load_deref() [
                LoadDeref = names::load_deref,
                LoadDerefPeek = names::load_deref_peek,
                SubscrCell = items::subscript_cell,
                SubscrCellPeek = items::subscript_cell_peek
            ];
            StoreDeref => store_deref() [StoreDeref = names::store_deref];
            DeleteDeref => plain(DeleteDeref = names::delete_deref);
            LoadFromDictOrDeref => unary(LoadDictOrDeref = names::load_dict_or_deref);

            // ---- names -----------------------------------------------------------------------------------------
            LoadLocals => fresh(LoadLocals = names::load_locals);
            LoadName => load_name() [LoadName = names::load_name, LoadNamePeek = names::load_name_peek];
            StoreName => effect(StoreName = names::store_name);
            DeleteName => plain(DeleteName = names::delete_name);
            LoadGlobal => load_global() [
                LoadGlobal = names::load_global,
                LoadGlobalPeek = names::load_global_peek,
                LoadGlobalModule = names::load_global_module,
                LoadGlobalModulePeek = names::load_global_module_peek,
                LoadGlobalBuiltin = names::load_global_builtin
            ];
            StoreGlobal => effect(StoreGlobal = names::store_global);
            DeleteGlobal => plain(DeleteGlobal = names::delete_global);
            LoadFromDictOrGlobals => unary(LoadDictOrGlobal = names::load_dict_or_global);
            SetupAnnotations => plain(SetupAnnotations = names::setup_annotations);

            // ---- attributes ------------------------------------------------------------------------------------
            LoadAttr => load_attr() [
                LoadAttr = attrs::load_attr,
                LoadAttrPeek = attrs::load_attr_peek,
                LoadAttrSlot = attrs::load_attr_slot,
                LoadAttrSlotPeek = attrs::load_attr_slot_peek,
                LoadAttrSlotT = attrs::load_attr_slot_t,
                LoadAttrSlotTPeek = attrs::load_attr_slot_t_peek,
                LoadAttrPlace = attrs::load_attr_place,
                LoadAttrClass = attrs::load_attr_class,
                LoadAttrModule = attrs::load_attr_module,
                LoadAttrHint = attrs::load_attr_hint,
                LoadAttrGet = attrs::load_attr_get,
                LoadAttrBound = attrs::load_attr_bound,
                LoadAttrProperty = attrs::load_attr_property,
                LoadAttrHook = attrs::load_attr_hook
            ];
            LoadMethod => load_method() [
                LoadMethod = attrs::load_method,
                LoadMethodCached = attrs::load_method_cached,
                LoadMethodClass = attrs::load_method_class,
                LoadMethodHint = attrs::load_method_hint,
                LoadMethodModule = attrs::load_method_module
            ];
            LoadSuperAttr => build(LoadSuperAttr = names::load_super_attr);
            LoadSuperMethod => load_super_method() [LoadSuperMethod = names::load_super_method];
            LoadSpecial => in_place(LoadSpecial = names::load_special);
            StoreAttr => store_attr() [
                StoreAttr = attrs::store_attr,
                StoreAttrLast = attrs::store_attr_last,
                StoreAttrSlot = attrs::store_attr_slot,
                StoreAttrSlotLast = attrs::store_attr_slot_last,
                StoreAttrSlotMove = attrs::store_attr_slot_move,
                StoreAttrSlotT = attrs::store_attr_slot_t,
                StoreAttrSlotTLast = attrs::store_attr_slot_t_last,
                StoreAttrSlotTMove = attrs::store_attr_slot_t_move,
                StoreAttrNew = attrs::store_attr_new,
                StoreAttrNewLast = attrs::store_attr_new_last,
                StoreAttrClass = attrs::store_attr_class,
                StoreAttrHint = attrs::store_attr_hint
            ];
            DeleteAttr => effect(DeleteAttr = attrs::delete_attr);

            // ---- items (loads and stores by one key are the families SUBSCRIPT and STORE) ----------------------
            BinarySubscr => subscr();
            StoreSubscr => store_subscr();
            DeleteSubscr => effect(DeleteSubscr = items::delete_subscr);
            BinarySlice => binary_slice() [BinarySlice = items::binary_slice];
            StoreSlice => store_slice() [StoreSlice = items::store_slice];
            BuildSlice => build_slice() [BuildSlice = build::slice, StepSlice = items::step_slice];

            // ---- operators (the families ARITH, FLOATS, COMPARE and COMPARE_JUMP) ------------------------------
            BinaryOp => binary_op();
            UnaryNegative => unary(Negative = arith::negative);
            UnaryPositive => unary(Positive = operators::positive);
            UnaryInvert => unary(Invert = operators::invert);
            UnaryNot => unary(Not = compare::not);
            CompareOp => compare();
            IsOp => is_op() [Is = compare::is, IsNot = compare::is_not];
            ContainsOp => contains_op() [Contains = compare::contains, NotContains = compare::not_contains];

            // ---- building --------------------------------------------------------------------------------------
            BuildTuple => build(BuildTuple = build::tuple);
            BuildList => build_list() [BuildList = build::list, BuildRow = build::row];
            BuildSet => build(BuildSet = build::set);
            BuildMap => build(BuildMap = build::map);
            BuildString => build(BuildString = build::string);
            BuildInterpolation => build(BuildInterpolation = build::interpolation);
            BuildTemplate => build(BuildTemplate = build::template);
            ListAppend => append(ListAppend = build::list_append);
            ListExtend => append(ListExtend = build::list_extend);
            SetAdd => append(SetAdd = build::set_add);
            SetUpdate => append(SetUpdate = build::set_update);
            MapAdd => append(MapAdd = build::map_add);
            DictUpdate => append(DictUpdate = build::dict_update);
            DictMerge => dict_merge() [DictMerge = build::dict_merge];
            ListToTuple => unary(ListToTuple = build::list_to_tuple);
            UnpackSequence => unpack() [
                Unpack = build::unpack,
                UnpackPeek = build::unpack_peek,
                UnpackLocals = build::unpack_locals,
                UnpackLocalsPeek = build::unpack_locals_peek,
                UnpackRun = build::unpack_run,
                UnpackRunPeek = build::unpack_run_peek
            ];
            UnpackEx => in_place(UnpackEx = build::unpack_ex);
            ConvertValue => unary(Convert = build::convert);
            FormatSimple => unary(Format = build::format);
            FormatWithSpec => build(FormatSpec = build::format_spec);

            // ---- control (jumps on truth are the families COMPARE_JUMP and TRUTH_JUMP) -------------------------
            JumpForward => jump(Jump = control::jump);
            JumpBackward => jump_backward() [JumpBack = control::jump_back];
            PopJumpIfTrue => pop_jump_if_true();
            PopJumpIfFalse => pop_jump_if_false();
            PopJumpIfNone => jump_on(JumpIfNone = compare::jump_if_none);
            PopJumpIfNotNone => jump_on(JumpIfNotNone = compare::jump_if_not_none);
            GetIter => in_place(GetIter = control::get_iter);
            // `ops/control.rs` knows that these forms are neighbours.
            ForIter => for_iter() [
                ForIter = control::for_iter,
                ForRange = moves::for_range,
                ForList = control::for_list,
                ForTuple = control::for_tuple,
                ForGenerator = control::for_generator,
                ForKeys = moves::for_keys,
                ForValues = moves::for_values,
                ForText = moves::for_text,
                ForPair = control::for_pair,
                ForNative = control::for_native,
                ForNativePair = control::for_native_pair,
                ForEnumerate = control::for_enumerate,
                ForSlot = control::for_slot
            ];
            ReturnValue => return_value() [
                Return = run::return_value,
                ReturnK = run::return_const,
                ReturnFromGenerator = generators::return_value
            ];

            // ---- functions and calls ---------------------------------------------------------------------------
            MakeFunction => build(MakeFunction = build::function);
            SetFunctionAttribute => set_function_part() [SetFunctionPart = build::function_part];
            Call => call() [
                Call = calls::call,
                CallMethod = calls::call_method,
                CallMaker = calls::call_maker,
                CallGlobal = calls::call_global,
                CallGlobalCached = calls::call_global_cached,
                CallBuiltin = calls::call_builtin
            ];
            CallKw => call_kw() [CallKw = calls::call_kw];
            CallFunctionEx => call_ex() [CallEx = calls::call_ex];

            // ---- exceptions and `with` -------------------------------------------------------------------------
            RaiseVarargs => effect(Raise = errors::raise);
            PushExcInfo => in_place(PushExcInfo = errors::push_exc_info);
            PopExcept => effect(PopExcept = errors::pop_except);
            Reraise => effect(Reraise = errors::reraise);
            CheckExcMatch => in_place(CheckExcMatch = errors::check_exc_match);
            CheckEgMatch => in_place(CheckEgMatch = errors::check_eg_match);
            PrepReraiseStar => build(PrepReraiseStar = errors::prep_reraise_star);
            WithExceptStart => in_place(WithExceptStart = errors::with_except_start);

            // ---- generators and coroutines ---------------------------------------------------------------------
            ReturnGenerator => in_place(ReturnGenerator = generators::return_generator);
            YieldValue => yield_value() [Yield = generators::yield_value, YieldOnly = generators::yield_value, YieldOn = generators::yield_value];
            Send => send() [Send = generators::send];
            EndSend => in_place(EndSend = awaiting::end_send);
            CleanupThrow => in_place(CleanupThrow = awaiting::cleanup_throw);
            GetYieldFromIter => in_place(GetYieldFromIter = generators::get_yield_from_iter);
            GetAwaitable => in_place(GetAwaitable = generators::get_awaitable);
            GetAiter => in_place(GetAiter = awaiting::get_aiter);
            GetAnext => in_place(GetAnext = awaiting::get_anext);
            EndAsyncFor => effect(EndAsyncFor = awaiting::end_async_for);
            AsyncGenWrap => unary(AsyncGenWrap = awaiting::async_gen_wrap);
            StopIterationError => in_place(StopIterationError = awaiting::stop_iteration_error);

            // ---- imports, patterns, type parameters ------------------------------------------------------------
            ImportName => build(ImportName = imports::import_name);
            ImportFrom => in_place(ImportFrom = imports::import_from);
            ImportStar => effect(ImportStar = imports::import_star);
            MatchClass => build(MatchClass = matching::class);
            MatchMapping => in_place(MatchMapping = matching::mapping);
            MatchSequence => in_place(MatchSequence = matching::sequence);
            MatchKeys => in_place(MatchKeys = matching::keys);
            GetLen => in_place(GetLen = matching::len);
            BuildTypeForm => build(BuildTypeForm = build::type_form);
            PrintExpr => effect(PrintExpr = imports::print_expr);

            // ---- of no one stack instruction -------------------------------------------------------------------
            _ => [
                Exit = control::exit,
                MoveShare = moves::move_share,
                MoveLast = moves::move_last,
                MoveTemp = moves::move_temp,
                Constructed = callees::constructed,
                AnswerAttr = run::answer_attr,
                Answer = run::answer,
                AnswerOther = run::answer_looked_at,
                Count = run::count,
                Tally = run::tally,
                Block = run::block,
                Step = run::step,
                Trace = control::trace,
                ChangeOver = run::change_over
            ]
        }
    };
}
pub(crate) use for_each_run_op;

macro_rules! run_ops {
    (
        $($op:ident => $way:ident($($given:ident = $given_to:path),*) $([$($form:ident = $form_of:path),*])?;)*
        _ => [$($shared:ident = $shared_by:path),*]
    ) => {
        /// The opcodes of the running form, but those of families (`families.rs`).
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u16)]
        #[allow(missing_docs, reason = "each is its handler's name")]
        pub enum RunOp { $($($given,)* $($($form,)*)?)* $($shared),* }

        impl RunOp {
            /// All of them, by number.
            pub const ALL: &[RunOp] =
                &[$($(RunOp::$given,)* $($(RunOp::$form,)*)?)* $(RunOp::$shared),*];
        }
    };
}

for_each_run_op!(run_ops);
