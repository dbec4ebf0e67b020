"""`python -m kiosk`."""

from kiosk.commands import main

if __name__ == "__main__":
    main(prog_name="taploop-kiosk")
