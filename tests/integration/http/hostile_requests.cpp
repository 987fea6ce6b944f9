#include "hostile_requests.hpp"

namespace rag::test {
namespace {

using namespace std::string_literals;

const std::string kBody = R"({"messages":[{"content":"smuggled"}]})";
const std::string kLength = "Content-Length: " + std::to_string(kBody.size()) + "\r\n";
const std::string kHost = "Host: localhost\r\n";
const std::string kJson = "Content-Type: application/json\r\n";
const std::string kChunked = "Transfer-Encoding: chunked\r\n";
const std::string kChunkedBody = "25\r\n" + kBody + "\r\n0\r\n\r\n";
const std::string kPost = "POST /ingest HTTP/1.1\r\n";

/// A good request, and one more behind it, whose header lines are replaced.
std::string with_headers(const std::string& headers) {
    const std::string next = kPost + kHost + kJson + kLength + "\r\n" + kBody;
    return kPost + headers + "\r\n" + kBody + next;
}
std::string with_line(const std::string& line) {
    return with_headers(kHost + kJson + line + kLength);
}
std::string with_length(const std::string& lines) { return with_headers(kHost + kJson + lines); }
std::string with_request_line(const std::string& line) {
    return line + kHost + kJson + kLength + "\r\n" + kBody;
}
std::string with_target(const std::string& target) {
    return with_request_line("POST " + target + " HTTP/1.1\r\n");
}
std::string with_chunks(const std::string& chunks) {
    return kPost + kHost + kJson + kChunked + "\r\n" + chunks;
}

void add_hosts(std::vector<HostileRequest>& all) {
    const std::string rest = kJson + kLength;
    all.push_back({"no Host", with_headers(rest), 400});
    all.push_back({"two Hosts", with_headers(kHost + kHost + rest), 400});
    all.push_back({"two different Hosts", with_headers(kHost + "Host: evil\r\n" + rest), 400});
    all.push_back({"empty Host", with_headers("Host:\r\n" + rest), 400});
    all.push_back({"Host with a space", with_headers("Host: local host\r\n" + rest), 400});
    all.push_back({"Host list", with_headers("Host: localhost, evil\r\n" + rest), 400});
    all.push_back({"Host with a path", with_headers("Host: localhost/x\r\n" + rest), 400});
    all.push_back({"Host with a user", with_headers("Host: me@localhost\r\n" + rest), 400});
    all.push_back({"Host with a bad port", with_headers("Host: localhost:8a\r\n" + rest), 400});
    all.push_back({"Host with a large port", with_headers("Host: localhost:999999\r\n" + rest), 400}
    );
    all.push_back({"Host with a broken address", with_headers("Host: [::1\r\n" + rest), 400});
    all.push_back({"foreign Host", with_headers("Host: evil.example.com\r\n" + rest), 421, false});
    all.push_back({"foreign Origin", with_line("Origin: http://evil.example.com\r\n"), 403, false});
    all.push_back({"opaque Origin", with_line("Origin: null\r\n"), 403, false});
    all.push_back(
        {"two Origins",
         with_line("Origin: http://localhost\r\nOrigin: http://evil.example.com\r\n"),
         403,
         false}
    );
    all.push_back({"absolute target of another host", with_target("http://evil/ingest"), 400});
}

void add_codings(std::vector<HostileRequest>& all) {
    const std::string start = kPost + kHost + kJson;
    const std::string end = "\r\n" + kChunkedBody;
    all.push_back({"coding and length", start + kChunked + kLength + end, 400});
    all.push_back({"length and coding", start + kLength + kChunked + end, 400});
    all.push_back({"two codings", start + kChunked + kChunked + end, 400});
    all.push_back(
        {"coding twice in one", start + "Transfer-Encoding: chunked, chunked\r\n" + end, 501}
    );
    all.push_back({"gzip and chunked", start + "Transfer-Encoding: gzip, chunked\r\n" + end, 501});
    all.push_back({"identity", start + "Transfer-Encoding: identity\r\n" + end, 501});
    all.push_back({"quoted coding", start + "Transfer-Encoding: \"chunked\"\r\n" + end, 501});
    all.push_back({"coding with junk", start + "Transfer-Encoding: xchunked\r\n" + end, 501});
    all.push_back({"empty coding", start + "Transfer-Encoding:\r\n" + end, 501});
    all.push_back(
        {"coding with a parameter", start + "Transfer-Encoding: chunked;a=b\r\n" + end, 501}
    );
    all.push_back(
        {"coding with a vertical tab", start + "Transfer-Encoding: \vchunked\r\n" + end, 400}
    );
    all.push_back({"blank before the colon", start + "Transfer-Encoding : chunked\r\n" + end, 400});
    all.push_back(
        {"coding in HTTP/1.0", "POST /ingest HTTP/1.0\r\n" + kHost + kJson + kChunked + end, 400}
    );
}

void add_lengths(std::vector<HostileRequest>& all) {
    all.push_back({"two different lengths", with_length(kLength + "Content-Length: 5\r\n"), 400});
    all.push_back({"the same length twice", with_length(kLength + kLength), 400});
    all.push_back({"length list", with_length("Content-Length: 37, 37\r\n"), 400});
    all.push_back({"length with plus", with_length("Content-Length: +37\r\n"), 400});
    all.push_back({"negative length", with_length("Content-Length: -1\r\n"), 400});
    all.push_back({"hexadecimal length", with_length("Content-Length: 0x25\r\n"), 400});
    all.push_back({"empty length", with_length("Content-Length:\r\n"), 400});
    all.push_back({"length with a point", with_length("Content-Length: 37.0\r\n"), 400});
    all.push_back({"length with a blank", with_length("Content-Length: 3 7\r\n"), 400});
    all.push_back(
        {"length over 64 bits", with_length("Content-Length: 99999999999999999999\r\n"), 413}
    );
    all.push_back({"length over the limit", with_length("Content-Length: 16777217\r\n"), 413});
    all.push_back(
        {"body cut off",
         kPost + kHost + kJson + "Content-Length: 500\r\n\r\n" + kBody,
         400,
         true,
         true}
    );
}

void add_lines(std::vector<HostileRequest>& all) {
    all.push_back({"folded line", with_line("X-A: b\r\n c\r\n"), 400});
    all.push_back({"folded by a tab", with_line("X-A: b\r\n\tc\r\n"), 400});
    all.push_back({"folded length", with_length("Content-Length:\r\n 37\r\n"), 400});
    all.push_back(
        {"blank before the first header", with_headers(" " + kHost + kJson + kLength), 400}
    );
    all.push_back(
        {"line feeds alone",
         "POST /ingest HTTP/1.1\nHost: localhost\nContent-Length: 37\n\n" + kBody,
         400}
    );
    all.push_back({"one line feed alone", with_line("X-A: b\nX-C: d\r\n"), 400});
    all.push_back({"carriage return in a value", with_line("X-A: b\rX-C: d\r\n"), 400});
    all.push_back({"carriage return at a line's end", with_line("X-A: b\r\r\n"), 400});
    all.push_back({"NUL in a value", with_line("X-A: b\0c\r\n"s), 400});
    all.push_back({"NUL in a name", with_line("X\0A: b\r\n"s), 400});
    all.push_back({"DEL in a value", with_line("X-A: \x7F\r\n"), 400});
    all.push_back({"escape in a value", with_line("X-A: \x1B[2J\r\n"), 400});
    all.push_back({"blank in a name", with_line("X A: b\r\n"), 400});
    all.push_back({"no colon", with_line("X-A\r\n"), 400});
    all.push_back({"no name", with_line(": b\r\n"), 400});
    all.push_back({"name beyond ASCII", with_line("X-\xC3\xA4: b\r\n"), 400});
    all.push_back({"parenthesis in a name", with_line("X(A): b\r\n"), 400});
    all.push_back({"two empty lines first", "\r\n\r\n" + with_line(""), 400});
    all.push_back({"header too large", with_line("X-A: " + std::string(17'000, 'a') + "\r\n"), 431}
    );
    all.push_back({"unknown expectation", with_line("Expect: 200-ok\r\n"), 417});
}

void add_request_lines(std::vector<HostileRequest>& all) {
    all.push_back(
        {"method in small letters", with_request_line("post /ingest HTTP/1.1\r\n"), 501, false}
    );
    all.push_back({"unknown method", with_request_line("BREW /ingest HTTP/1.1\r\n"), 501, false});
    all.push_back({"method that is no token", with_request_line("PO(ST /ingest HTTP/1.1\r\n"), 400}
    );
    all.push_back({"no method", with_request_line(" /ingest HTTP/1.1\r\n"), 400});
    all.push_back({"authority form", with_request_line("CONNECT localhost:80 HTTP/1.1\r\n"), 400});
    all.push_back({"asterisk form", with_request_line("OPTIONS * HTTP/1.1\r\n"), 400});
    all.push_back({"no version", with_request_line("POST /ingest\r\n"), 400});
    all.push_back({"version 2.0", with_request_line("POST /ingest HTTP/2.0\r\n"), 505});
    all.push_back({"version 1.2", with_request_line("POST /ingest HTTP/1.2\r\n"), 505});
    all.push_back({"version 1.10", with_request_line("POST /ingest HTTP/1.10\r\n"), 400});
    all.push_back({"version in small letters", with_request_line("POST /ingest http/1.1\r\n"), 400}
    );
    all.push_back({"other protocol", with_request_line("POST /ingest FTP/1.1\r\n"), 400});
    all.push_back({"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505});
    all.push_back({"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400});
    all.push_back({"two blanks", with_request_line("POST  /ingest HTTP/1.1\r\n"), 400});
    all.push_back({"tab for a blank", with_request_line("POST\t/ingest\tHTTP/1.1\r\n"), 400});
    all.push_back({"blank after the version", with_request_line("POST /ingest HTTP/1.1 \r\n"), 400}
    );
    all.push_back({"blank in the target", with_target("/ingest /x"), 400});
    all.push_back({"no slash", with_target("ingest"), 400});
    all.push_back({"fragment", with_target("/ingest#x"), 400});
    all.push_back({"broken escape", with_target("/ing%zzest"), 400});
    all.push_back({"escape cut off", with_target("/ingest%2"), 400});
    all.push_back({"bytes beyond ASCII", with_target("/ing\xC3\xA4st"), 400});
    all.push_back({"angle brackets", with_target("/<ingest>"), 400});
    all.push_back({"backslash", with_target("\\ingest"), 400});
    all.push_back({"other scheme", with_target("ftp://localhost/ingest"), 400});
    all.push_back({"user in the target", with_target("http://me@localhost/ingest"), 400});
    all.push_back({"target too long", with_target("/" + std::string(9'000, 'a')), 414});
    all.push_back({"NUL in the target", with_target("/ing\0est"s), 400});
}

void add_chunks(std::vector<HostileRequest>& all) {
    const std::string end = "\r\n0\r\n\r\n";
    const std::string good = kBody + end;
    all.push_back({"chunk size that is none", with_chunks("xy\r\n" + good), 400});
    all.push_back({"no chunk size", with_chunks("\r\n" + good), 400});
    all.push_back({"negative chunk size", with_chunks("-25\r\n" + good), 400});
    all.push_back({"chunk size with plus", with_chunks("+25\r\n" + good), 400});
    all.push_back({"chunk size with 0x", with_chunks("0x25\r\n" + good), 400});
    all.push_back({"blank before the chunk size", with_chunks(" 25\r\n" + good), 400});
    all.push_back({"chunk size over 64 bits", with_chunks("10000000000000025\r\n" + good), 400});
    all.push_back({"line feed after the chunk size", with_chunks("25\n" + good), 400});
    all.push_back({"carriage return after the chunk size", with_chunks("25\rX\n" + good), 400});
    all.push_back({"chunk longer than it says", with_chunks("24\r\n" + good), 400});
    all.push_back({"chunk shorter than it says", with_chunks("26\r\n" + good), 400});
    all.push_back({"line feed after a chunk", with_chunks("25\r\n" + kBody + "\n0\r\n\r\n"), 400});
    all.push_back({"junk after the chunk size", with_chunks("25 x\r\n" + good), 400});
    all.push_back({"extension without a name", with_chunks("25;\r\n" + good), 400});
    all.push_back({"extension with a NUL", with_chunks("25;a\0\r\n"s + good), 400});
    all.push_back(
        {"extension too long", with_chunks("25;" + std::string(5'000, 'a') + "\r\n" + good), 400}
    );
    all.push_back(
        {"trailer that frames",
         with_chunks("25\r\n" + kBody + "\r\n0\r\nContent-Length: 5\r\n\r\n"),
         400}
    );
    all.push_back(
        {"folded trailer", with_chunks("25\r\n" + kBody + "\r\n0\r\nA: b\r\n c\r\n\r\n"), 400}
    );
    all.push_back(
        {"trailer without a colon", with_chunks("25\r\n" + kBody + "\r\n0\r\nA\r\n\r\n"), 400}
    );
    all.push_back({"chunks cut off", with_chunks("25\r\n" + kBody), 400, true, true});
    all.push_back({"no last chunk", with_chunks("25\r\n" + kBody + "\r\n"), 400, true, true});
}

void add_unwanted(std::vector<HostileRequest>& all) {
    const std::string start = kPost + kHost;
    const std::string end = kLength + "\r\n" + kBody;
    all.push_back({"no media type", start + end, 415, false});
    all.push_back(
        {"form", start + "Content-Type: application/x-www-form-urlencoded\r\n" + end, 415, false}
    );
    all.push_back(
        {"two media types", start + kJson + "Content-Type: text/plain\r\n" + end, 415, false}
    );
    all.push_back(
        {"other charset",
         start + "Content-Type: application/json; charset=latin1\r\n" + end,
         415,
         false}
    );
    all.push_back({"compressed", start + kJson + "Content-Encoding: gzip\r\n" + end, 415, false});
    all.push_back({"wants HTML", start + kJson + "Accept: text/html\r\n" + end, 406, false});
    all.push_back(
        {"wants anything but JSON",
         start + kJson + "Accept: application/json;q=0\r\n" + end,
         406,
         false}
    );
    all.push_back(
        {"method not of the path", with_request_line("PUT /ingest HTTP/1.1\r\n"), 405, false}
    );
    all.push_back({"trace", with_request_line("TRACE /ingest HTTP/1.1\r\n"), 405, false});
    all.push_back({"unknown path", with_target("/ingests"), 404, false});
    all.push_back({"dots in the path", with_target("/x/../ingest"), 404, false});
    all.push_back({"escaped path", with_target("/%69ngest"), 404, false});
    all.push_back({"unknown parameter", with_target("/ingest?force=1"), 400, false});
    all.push_back({"key with a blank", with_line("Idempotency-Key: a b\r\n"), 400, false});
    all.push_back(
        {"two keys", with_line("Idempotency-Key: a\r\nIdempotency-Key: b\r\n"), 400, false}
    );
    all.push_back(
        {"key too long",
         with_line("Idempotency-Key: " + std::string(256, 'k') + "\r\n"),
         400,
         false}
    );
}

}  // namespace

std::vector<HostileRequest> hostile_requests() {
    std::vector<HostileRequest> all;
    add_hosts(all);
    add_codings(all);
    add_lengths(all);
    add_lines(all);
    add_request_lines(all);
    add_chunks(all);
    add_unwanted(all);
    return all;
}

}  // namespace rag::test
