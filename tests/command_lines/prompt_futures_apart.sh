$PYTHON -qi -c 'from __future__ import annotations'
