//! Where the library is said to lie, and which of its modules are frozen.

/// The folder of the library: a name, and no folder of the system.
pub const ROOT: &str = "/ryokan/lib/python3.14";

/// The modules that are frozen: name, and the file below [`ROOT`]. Their codes are of `<frozen NAME>`, as CPython's are.
pub const FROZEN: &[(&str, &str)] = &[
    ("__hello__", "__hello__.py"),
    ("__hello_alias__", "__hello__.py"),
    ("__hello_only__", "__hello__.py"),
    ("__phello__", "__phello__/__init__.py"),
    ("__phello__.__init__", "__phello__/__init__.py"),
    ("__phello__.ham", "__phello__/ham/__init__.py"),
    ("__phello__.ham.__init__", "__phello__/ham/__init__.py"),
    ("__phello__.ham.eggs", "__phello__/ham/eggs.py"),
    ("__phello__.spam", "__phello__/spam.py"),
    ("__phello_alias__", "__hello__.py"),
    ("__phello_alias__.spam", "__hello__.py"),
    ("_collections_abc", "_collections_abc.py"),
    ("_frozen_importlib", "importlib/_bootstrap.py"),
    ("_frozen_importlib_external", "importlib/_bootstrap_external.py"),
    ("_ryokan_image", "_ryokan_image.py"),
    ("_sitebuiltins", "_sitebuiltins.py"),
    ("abc", "abc.py"),
    ("codecs", "codecs.py"),
    ("genericpath", "genericpath.py"),
    ("importlib._bootstrap", "importlib/_bootstrap.py"),
    ("importlib._bootstrap_external", "importlib/_bootstrap_external.py"),
    ("importlib.machinery", "importlib/machinery.py"),
    ("importlib.util", "importlib/util.py"),
    ("io", "io.py"),
    ("ntpath", "ntpath.py"),
    ("os", "os.py"),
    ("posixpath", "posixpath.py"),
    ("runpy", "runpy.py"),
    ("site", "site.py"),
    ("stat", "stat.py"),
    ("zipimport", "zipimport.py"),
];

/// The file of a frozen module.
pub fn frozen(name: &str) -> Option<&'static str> {
    FROZEN.binary_search_by_key(&name, |row| row.0).ok().map(|at| FROZEN[at].1)
}
