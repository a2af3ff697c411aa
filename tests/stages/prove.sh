# Frama-C's Eva: the basic functions, a tokenizer's step, chunks, a status line,
# and that a planted fault is found. `make prove` has every parser and encoder.
. tests/stages/common.sh
check "Eva finds no way out of memory in a share of the entries" \
    sh tests/proof/run.sh "$build" put cut take_upto j_take json_next \
    answer_head chunk_frame
check "and finds the faults that are planted" \
    sh tests/proof/run.sh "$build" control
finish
