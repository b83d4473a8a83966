//! The numbers that the module names: result codes, what an authorizer is asked, limits, options.

use ryokan_vm::native::*;

/// Columns are converted by the types that they were declared with.
pub const PARSE_DECLTYPES: i32 = 1;
/// Columns are converted by what stands in brackets in their names.
pub const PARSE_COLNAMES: i32 = 2;

/// Result codes, without the `SQLITE_` that they begin with.
#[rustfmt::skip]
const CODES: &[(&str, i32)] = &[
    ("OK", 0), ("OK_LOAD_PERMANENTLY", 256), ("OK_SYMLINK", 512), ("ERROR", 1),
    ("ERROR_MISSING_COLLSEQ", 257), ("ERROR_RETRY", 513), ("ERROR_SNAPSHOT", 769), ("INTERNAL", 2),
    ("PERM", 3), ("ABORT", 4), ("ABORT_ROLLBACK", 516), ("BUSY", 5), ("BUSY_RECOVERY", 261),
    ("BUSY_SNAPSHOT", 517), ("BUSY_TIMEOUT", 773), ("LOCKED", 6), ("LOCKED_SHAREDCACHE", 262),
    ("LOCKED_VTAB", 518), ("NOMEM", 7), ("READONLY", 8), ("READONLY_RECOVERY", 264),
    ("READONLY_CANTLOCK", 520), ("READONLY_ROLLBACK", 776), ("READONLY_DBMOVED", 1032),
    ("READONLY_CANTINIT", 1288), ("READONLY_DIRECTORY", 1544), ("INTERRUPT", 9), ("IOERR", 10),
    ("IOERR_READ", 266), ("IOERR_SHORT_READ", 522), ("IOERR_WRITE", 778), ("IOERR_FSYNC", 1034),
    ("IOERR_DIR_FSYNC", 1290), ("IOERR_TRUNCATE", 1546), ("IOERR_FSTAT", 1802), ("IOERR_UNLOCK", 2058),
    ("IOERR_RDLOCK", 2314), ("IOERR_DELETE", 2570), ("IOERR_BLOCKED", 2826), ("IOERR_NOMEM", 3082),
    ("IOERR_ACCESS", 3338), ("IOERR_CHECKRESERVEDLOCK", 3594), ("IOERR_LOCK", 3850), ("IOERR_CLOSE", 4106),
    ("IOERR_DIR_CLOSE", 4362), ("IOERR_SHMOPEN", 4618), ("IOERR_SHMSIZE", 4874), ("IOERR_SHMLOCK", 5130),
    ("IOERR_SHMMAP", 5386), ("IOERR_SEEK", 5642), ("IOERR_DELETE_NOENT", 5898), ("IOERR_MMAP", 6154),
    ("IOERR_GETTEMPPATH", 6410), ("IOERR_CONVPATH", 6666), ("IOERR_VNODE", 6922), ("IOERR_AUTH", 7178),
    ("IOERR_BEGIN_ATOMIC", 7434), ("IOERR_COMMIT_ATOMIC", 7690), ("IOERR_ROLLBACK_ATOMIC", 7946),
    ("IOERR_DATA", 8202), ("IOERR_CORRUPTFS", 8458), ("CORRUPT", 11), ("CORRUPT_VTAB", 267),
    ("CORRUPT_SEQUENCE", 523), ("CORRUPT_INDEX", 779), ("NOTFOUND", 12), ("FULL", 13), ("CANTOPEN", 14),
    ("CANTOPEN_NOTEMPDIR", 270), ("CANTOPEN_ISDIR", 526), ("CANTOPEN_FULLPATH", 782),
    ("CANTOPEN_CONVPATH", 1038), ("CANTOPEN_DIRTYWAL", 1294), ("CANTOPEN_SYMLINK", 1550), ("PROTOCOL", 15),
    ("EMPTY", 16), ("SCHEMA", 17), ("TOOBIG", 18), ("CONSTRAINT", 19), ("CONSTRAINT_CHECK", 275),
    ("CONSTRAINT_COMMITHOOK", 531), ("CONSTRAINT_FOREIGNKEY", 787), ("CONSTRAINT_FUNCTION", 1043),
    ("CONSTRAINT_NOTNULL", 1299), ("CONSTRAINT_PRIMARYKEY", 1555), ("CONSTRAINT_TRIGGER", 1811),
    ("CONSTRAINT_UNIQUE", 2067), ("CONSTRAINT_VTAB", 2323), ("CONSTRAINT_ROWID", 2579),
    ("CONSTRAINT_PINNED", 2835), ("MISMATCH", 20), ("MISUSE", 21), ("NOLFS", 22), ("AUTH", 23),
    ("AUTH_USER", 279), ("FORMAT", 24), ("RANGE", 25), ("NOTADB", 26), ("NOTICE", 27),
    ("NOTICE_RECOVER_WAL", 283), ("NOTICE_RECOVER_ROLLBACK", 539), ("WARNING", 28),
    ("WARNING_AUTOINDEX", 284), ("ROW", 100), ("DONE", 101),
];

/// All others.
#[rustfmt::skip]
const OTHERS: &[(&str, i32)] = &[
    ("ALTER_TABLE", 26), ("ANALYZE", 28), ("ATTACH", 24), ("CREATE_INDEX", 1), ("CREATE_TABLE", 2),
    ("CREATE_TEMP_INDEX", 3), ("CREATE_TEMP_TABLE", 4), ("CREATE_TEMP_TRIGGER", 5), ("CREATE_TEMP_VIEW", 6),
    ("CREATE_TRIGGER", 7), ("CREATE_VIEW", 8), ("CREATE_VTABLE", 29), ("DBCONFIG_DEFENSIVE", 1010),
    ("DBCONFIG_DQS_DDL", 1014), ("DBCONFIG_DQS_DML", 1013), ("DBCONFIG_ENABLE_FKEY", 1002),
    ("DBCONFIG_ENABLE_FTS3_TOKENIZER", 1004), ("DBCONFIG_ENABLE_LOAD_EXTENSION", 1005),
    ("DBCONFIG_ENABLE_QPSG", 1007), ("DBCONFIG_ENABLE_TRIGGER", 1003), ("DBCONFIG_ENABLE_VIEW", 1015),
    ("DBCONFIG_LEGACY_ALTER_TABLE", 1012), ("DBCONFIG_LEGACY_FILE_FORMAT", 1016),
    ("DBCONFIG_NO_CKPT_ON_CLOSE", 1006), ("DBCONFIG_RESET_DATABASE", 1009), ("DBCONFIG_TRIGGER_EQP", 1008),
    ("DBCONFIG_TRUSTED_SCHEMA", 1017), ("DBCONFIG_WRITABLE_SCHEMA", 1011), ("DELETE", 9), ("DENY", 1),
    ("DETACH", 25), ("DROP_INDEX", 10), ("DROP_TABLE", 11), ("DROP_TEMP_INDEX", 12), ("DROP_TEMP_TABLE", 13),
    ("DROP_TEMP_TRIGGER", 14), ("DROP_TEMP_VIEW", 15), ("DROP_TRIGGER", 16), ("DROP_VIEW", 17),
    ("DROP_VTABLE", 30), ("FUNCTION", 31), ("IGNORE", 2), ("INSERT", 18), ("LIMIT_ATTACHED", 7),
    ("LIMIT_COLUMN", 2), ("LIMIT_COMPOUND_SELECT", 4), ("LIMIT_EXPR_DEPTH", 3), ("LIMIT_FUNCTION_ARG", 6),
    ("LIMIT_LENGTH", 0), ("LIMIT_LIKE_PATTERN_LENGTH", 8), ("LIMIT_SQL_LENGTH", 1),
    ("LIMIT_TRIGGER_DEPTH", 10), ("LIMIT_VARIABLE_NUMBER", 9), ("LIMIT_VDBE_OP", 5),
    ("LIMIT_WORKER_THREADS", 11), ("PRAGMA", 19), ("READ", 20), ("RECURSIVE", 33), ("REINDEX", 27),
    ("SAVEPOINT", 32), ("SELECT", 21), ("TRANSACTION", 22), ("UPDATE", 23),
];

/// The name of a result code.
pub fn name_of(code: i32) -> String {
    let found = CODES.iter().find(|(_, number)| *number == code);
    found.map_or("unknown".to_string(), |(name, _)| format!("SQLITE_{name}"))
}

/// Whether a number is an option of a connection that can be on or off.
pub fn is_option(number: i32) -> bool {
    OTHERS.iter().any(|(name, option)| *option == number && name.starts_with("DBCONFIG_"))
}

/// Adds them to the module.
pub fn fill(module: &Filler<'_>) -> Res<()> {
    for (name, number) in CODES.iter().chain(OTHERS) {
        module.add(&format!("SQLITE_{name}"), *number)?;
    }
    Ok(())
}
