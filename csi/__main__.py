"""``python -m csi`` is the command ``csi``."""

from csi.cli import main

if __name__ == "__main__":
    main()
