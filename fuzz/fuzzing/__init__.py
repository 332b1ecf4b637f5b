"""What a stranger may send, made up by a fuzzer. One target for each parser, in the module of what it reads."""
