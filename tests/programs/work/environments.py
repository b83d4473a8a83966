# A virtual environment: made, used by its program, with a module of its own, and without those of the user.
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv

with tempfile.TemporaryDirectory() as folder:
    folder = os.path.realpath(folder)
    made = os.path.join(folder, "env")
    venv.EnvBuilder(symlinks=True, with_pip=False).create(made)
    print(sorted(name for name in os.listdir(made) if not name.startswith("lib64")))
    settings = dict(line.strip().split(" = ", 1) for line in open(os.path.join(made, "pyvenv.cfg")))
    print(settings["include-system-site-packages"], settings["home"] == os.path.dirname(sys._base_executable))
    scripts = os.listdir(os.path.join(made, "bin"))
    print([name in scripts for name in ("activate", "activate.fish", "activate.csh", "Activate.ps1", "python", "python3")])
    python = os.path.join(made, "bin", "python")

    def says(program, **env):
        run = subprocess.run([python, "-c", program], capture_output=True, text=True, env=os.environ | env, cwd=folder)
        return run.stdout.replace(made, "ENV").strip() or run.stderr

    print(says("import sys; print(sys.executable, sys.prefix, sys.exec_prefix, sys.prefix != sys.base_prefix)"))
    print(says("import sys; print(sys.base_prefix)") == sys.base_prefix)
    own = says("import sys, sysconfig; p = sysconfig.get_path('purelib'); print(p if p in sys.path else sys.path)")
    print(own.startswith("ENV/lib/"), own.endswith("/site-packages"))
    with open(os.path.join(own.replace("ENV", made), "ours.py"), "w") as file:
        file.write("where = 'in the environment'\n")
    print(says("import ours; print(ours.where)"))
    print(says("import site; print(site.ENABLE_USER_SITE, site.PREFIXES)"))
    through = subprocess.run(["python", "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, env=os.environ | {"PATH": made + "/bin:" + os.environ.get("PATH", "")})
    print(through.stdout.strip() == made)
    other = os.path.join(folder, "link")
    os.symlink(os.path.realpath(sys.executable), other)
    print(subprocess.run([other, "-c", "import sys; print(sys.executable, sys.prefix == sys.base_prefix)"], capture_output=True, text=True).stdout.replace(folder, "FOLDER").strip())
    venv.EnvBuilder(clear=True, system_site_packages=True).create(made)
    print(says("import site, sys; print(sys.base_prefix in site.PREFIXES)"))
