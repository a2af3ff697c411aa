# linkedin_redis.h on a real Redis: what it promises, what it costs, and a fleet
# that is killed at random while Redis is restarted. REDIS_SECONDS: how long.
. tests/stages/common.sh
build=$(cd "$build" && pwd) || exit 1
seconds=${REDIS_SECONDS:-60}
export REDIS_PASSWORD=redis-password REDIS_PORT REDIS_PID
export REDIS_SOCKET="$build/redis.sock"
REDIS_PORT=$((20000 + $$ % 20000))

# The password is in a file, not among the arguments, which all may see. The
# restart is a script of its own, as the fleet calls it.
cat >"$build/restart" <<'SH'
#!/bin/sh
# restart DIR: ends the Redis of DIR, by a signal if one runs, and starts it
# again half a second later; by TERM the first time, and by KILL the second.
cd "$1" || exit 1
answers() {
    REDISCLI_AUTH=$REDIS_PASSWORD redis-cli -s redis.sock ping 2>/dev/null |
        grep -q PONG
}
if [ -s redis.pid ]; then
    kill "-$(cat redis.signal)" "$(cat redis.pid)"
    echo KILL >redis.signal
    while answers; do sleep 0.05; done
    sleep 0.5
fi
redis-server redis.conf >>redis.log 2>&1 </dev/null &
echo $! >redis.pid
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    answers && exit
    kill -0 "$(cat redis.pid)" 2>/dev/null || exit 1
    sleep 0.1
done
exit 1
SH
redis() { # on the first port that is free
    for _ in 1 2 3 4 5 6 7 8 9; do
        rm -rf "$build"/redis.pid "$build"/appendonlydir "$build"/dump.rdb
        echo TERM >"$build/redis.signal"
        cat >"$build/redis.conf" <<CONF
bind 127.0.0.1
port $REDIS_PORT
unixsocket redis.sock
requirepass $REDIS_PASSWORD
user worker on >worker-password ~one:* +@all
appendonly yes
save ""
CONF
        if sh "$build/restart" "$build"; then
            REDIS_PID=$(cat "$build/redis.pid")
            return
        fi
        REDIS_PORT=$((REDIS_PORT + 1))
    done
    return 1
}
strict() { # strict COMPILER STANDARD END
    printf '#define LINKEDIN_IMPLEMENTATION\n#include "%s"\n' \
        adapters/linkedin_redis.h >"$build/alone.$3"
    # shellcheck disable=SC2086
    $1 -std="$2" -D_GNU_SOURCE $warn -O2 -I. -c "$build/alone.$3" \
        -o "$build/alone.o"
}
build_all() {
    the_mock && gcc -std=c99 -D_GNU_SOURCE $warn $sanitize -I. \
        tests/redis_fleet.c -o "$build/checks" -lhiredis &&
        gcc -std=c99 -D_GNU_SOURCE $warn -O0 -I. tests/redis_fleet.c \
            -o "$build/redis_fleet" -lhiredis
}
measured() { # calls that need no refresh
    mock redis_calls --auto-consent \
        --redirect-uri http://localhost:8080/callback || return 1
    "$build/redis_fleet" measure "$mock" 5 >"$build/measure.out"
    rc=$?
    kill $mock_pid
    cat "$build/measure.out"
    return $rc
}
fleet() {
    mock redis_fleet --auto-consent --token-ttl 8 \
        --redirect-uri http://localhost:8080/callback || return 1
    "$build/redis_fleet" fleet "$mock" "$seconds" "sh $build/restart $build" \
        >"$build/fleet.out"
    rc=$?
    kill $mock_pid
    refreshes=$(grep -ac 'POST /oauth/v2/accessToken 200' "$log.log")
    begun=$(sed -n 's/^begun //p' "$build/fleet.out")
    # a token is due after a second: the sign-in, one each second, and what a
    # killed one had begun, or a restart kept from being saved
    echo "$refreshes token answers in $seconds s" >>"$build/fleet.out"
    cat "$build/fleet.out"
    [ $rc -eq 0 ] && [ "$refreshes" -gt $((seconds / 2)) ] &&
        [ "$refreshes" -le $((seconds + 2 + begun)) ]
}
check "linkedin_redis.h as C99, gcc" strict gcc c99 c
check "linkedin_redis.h as C99, clang" strict clang c99 c
check "linkedin_redis.h as C++11, g++" strict g++ c++11 cc
check "linkedin_redis.h as C++11, clang" strict clang++ c++11 cc
check "the mock and redis_fleet build" build_all
check "redis-server starts" redis
"$build/checks" checks >"$build/checks.out" 2>"$build/checks.err" ||
    not_ok "the checks: $(head -5 "$build/checks.err")"
while read -r how what; do
    if [ "$how" = ok ]; then ok "$what"; else not_ok "$what"; fi
done <"$build/checks.out"
check "calls that need no refresh ask Redis nothing" measured
cat "$build/measure.out"
check "eight processes share a token, are killed, Redis restarts" fleet
cat "$build/fleet.out"
kill "$(cat "$build/redis.pid")"
finish
