"""For all tests."""

import signal

# A job in the background has Ctrl-C ignored, and so would the commands that tests start in order to interrupt them.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
