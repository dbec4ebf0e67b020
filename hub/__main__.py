"""`python -m hub`: the same as `taploop-hub`."""

from hub.commands import main

if __name__ == "__main__":
    main()
