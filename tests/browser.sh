# A headless Chromium, by WebDriver (w3.org/TR/webdriver2): sourced by stages.
# browser_begin DIR; browse URL; press XPATH; shows TEXT; browser_end
browser_begin() {
    driver_dir=$1
    driver_port=$((32000 + $$ % 20000))
    chromedriver --port=$driver_port >"$driver_dir/driver.log" 2>&1 &
    driver_pid=$!
    for _ in $(seq 50); do
        curl -s "http://127.0.0.1:$driver_port/status" | grep -q '"ready":true' &&
            break
        sleep 0.2
    done
    # --no-sandbox: as root, Chromium starts no other way
    driver=$(webdriver POST "" '{"capabilities":{"alwaysMatch":{
        "goog:chromeOptions":{"args":["--headless","--no-sandbox",
        "--disable-dev-shm-usage","--window-size=800,900"]}}}}' |
        sed -n 's/.*"sessionId":"\([^"]*\)".*/\1/p')
    [ -n "$driver" ]
}
webdriver() { # webdriver METHOD PATH [BODY]
    curl -s -m 60 -X "$1" -H 'Content-Type: application/json' ${3:+-d "$3"} \
        "http://127.0.0.1:$driver_port/session$2"
}
browse() { webdriver POST "/$driver/url" "{\"url\":\"$1\"}" >/dev/null; }
press() { # the first element of an XPath
    found=$(webdriver POST "/$driver/element" \
        "{\"using\":\"xpath\",\"value\":\"$1\"}" |
        sed -n 's/.*"element-[^"]*":"\([^"]*\)".*/\1/p')
    [ -n "$found" ] && webdriver POST "/$driver/element/$found/click" '{}' >/dev/null
}
page_source() { webdriver GET "/$driver/source"; }
shows() { # within ten seconds, and what it showed instead
    for _ in $(seq 50); do
        page_source >"$driver_dir/page.json"
        grep -q -- "$1" "$driver_dir/page.json" && return
        sleep 0.2
    done
    cat "$driver_dir/page.json"
    return 1
}
picture() { # picture FILE.png, to be looked at
    webdriver GET "/$driver/screenshot" | sed 's/.*"value":"//; s/".*//' |
        base64 -d >"$1"
}
browser_end() {
    [ -z "${driver:-}" ] || webdriver DELETE "/$driver" >/dev/null
    kill $driver_pid
}
