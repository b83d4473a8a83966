from .. import version as parent_value
import lib_plain as root

name = __name__
