def need():
    import no_such_module_here


need()
