"""`python -m demo`."""

from demo.commands import main

if __name__ == "__main__":
    main()
