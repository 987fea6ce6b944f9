#include <gmock/gmock.h>

#include "served_world.hpp"

namespace rag::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string head(const std::string& framing) {
    return "POST /ingest/batch HTTP/1.1\r\nHost: localhost\r\n"
           "Content-Type: application/x-ndjson\r\n" +
           framing + "\r\n";
}

std::string line(const std::string& content) {
    return R"({"messages":[{"content":")" + content + "\"}]}\n";
}

std::string chunk(const std::string& bytes) {
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return size + bytes + "\r\n";
}

/// What the chunks of an answer carry.
std::string unchunked(std::string_view body) {
    std::string out;
    while (!body.empty()) {
        const std::size_t size = std::stoul(std::string(body.substr(0, 8)), nullptr, 16);
        const std::size_t begin = body.find("\r\n") + 2;
        if (size == 0) break;
        out += body.substr(begin, size);
        body.remove_prefix(begin + size + 2);
    }
    return out;
}

std::string send_batch(ServedWorld& served, const std::string& lines) {
    RawClient client = served.connect();
    client.send(
        head("Connection: close\r\nContent-Length: " + std::to_string(lines.size()) + "\r\n") +
        lines
    );
    const std::string answer = client.read_to_end();
    EXPECT_EQ(status_of(answer), 200) << answer;
    return unchunked(body_of(answer));
}

TEST(Batch, AnswersEachLineInOrder) {
    ServedWorld served;

    const std::string answers = send_batch(served, line("one") + line("two") + line("one"));

    EXPECT_EQ(
        answers,
        R"({"line":1,"status":201,"conversation_id":"1","duplicate":false,"messages":1,"chunks":1,"chunks_created":1})"
        "\n"
        R"({"line":2,"status":201,"conversation_id":"2","duplicate":false,"messages":1,"chunks":1,"chunks_created":1})"
        "\n"
        R"({"line":3,"status":200,"conversation_id":"1","duplicate":true,"messages":1,"chunks":1,"chunks_created":0})"
        "\n"
    );
}

TEST(Batch, SkipsAByteOrderMark) {
    ServedWorld served;

    const std::string answers = send_batch(served, "\xEF\xBB\xBF" + line("one") + line("two"));
    const std::string alone = send_batch(served, "\xEF\xBB\xBF\n" + line("three"));

    EXPECT_THAT(answers, StartsWith(R"({"line":1,"status":201,)"));
    EXPECT_THAT(alone, StartsWith(R"({"line":2,"status":201,)"));
}

TEST(Batch, ABadLineSpoilsNoNeighbour) {
    http::ApplicationConfig config = ServedWorld::default_config();
    config.body_bytes_max = 200;
    ServedWorld served({}, config);

    const std::string answers = send_batch(
        served,
        line("one") + "{\"messages\":[]}\n\nnot json\n" + line(std::string(300, 'x')) + line("two")
    );

    EXPECT_THAT(answers, StartsWith(R"({"line":1,"status":201,)"));
    EXPECT_THAT(answers, HasSubstr("\n{\"line\":2,\"status\":400,\"error\":{"));
    EXPECT_THAT(answers, HasSubstr(R"("errors":[{"pointer":"/messages",)"));
    EXPECT_THAT(answers, HasSubstr("\n{\"line\":4,\"status\":400,"));
    EXPECT_THAT(answers, HasSubstr("\n{\"line\":5,\"status\":413,"));
    EXPECT_THAT(answers, HasSubstr("\n{\"line\":6,\"status\":201,"));
    EXPECT_EQ(served.stored_conversations(), 2);
}

TEST(Batch, DoesWithEachLineWhatItWishes) {
    ServedWorld served;
    const std::string keyed = R"({"idempotency_key":"k","messages":[{"content":"kept"}]})";

    const std::string answers = send_batch(
        served,
        keyed + "\n" + R"({"external_id":"t","messages":[{"content":"one","ts":1762526400}]})" +
            "\n"
    );
    const std::string again = send_batch(
        served,
        keyed + "\n" + R"({"idempotency_key":"k","messages":[{"content":"other"}]})" + "\n" +
            R"({"external_id":"t","if_exists":"refuse","messages":[{"content":"two"}]})" + "\n" +
            R"({"external_id":"t","if_exists":"replace","messages":[{"content":"two"}]})" + "\n" +
            R"({"on_invalid":"replace","messages":[{"content":"a\u0000b"}]})" + "\n"
    );

    EXPECT_THAT(answers, HasSubstr(R"("notes":[{"pointer":"/messages/0/ts",)"));
    EXPECT_THAT(again, HasSubstr(R"({"line":1,"status":201,"conversation_id":"1")"));
    EXPECT_THAT(again, HasSubstr(R"({"line":2,"status":422,)"));
    EXPECT_THAT(again, HasSubstr(R"({"line":3,"status":409,)"));
    EXPECT_THAT(again, HasSubstr(R"({"line":4,"status":200,"conversation_id":"2")"));
    EXPECT_THAT(again, HasSubstr(R"("notes_total":1})"));
    EXPECT_EQ(served.stored_conversations(), 3);
}

TEST(Batch, AnswersALineBeforeTheNextIsSent) {
    ServedWorld served;
    RawClient client = served.connect();

    client.send(head("Transfer-Encoding: chunked\r\n") + chunk(line("one")));
    const std::string first = client.read_until("\"chunks_created\":1}\n");
    client.send(chunk(line("two")) + "0\r\n\r\n");
    const std::string rest = client.read_until("0\r\n\r\n");
    client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");

    EXPECT_THAT(first, HasSubstr("{\"line\":1,\"status\":201,"));
    EXPECT_THAT(rest, HasSubstr("{\"line\":2,\"status\":201,"));
    EXPECT_EQ(status_of(client.read_answer()), 200);
}

TEST(Batch, WorksOnManyLinesAtOnce) {
    ServedWorld served;
    served.on_io([&] { served.world.embeddings.hold(); });
    RawClient client = served.connect();
    std::string lines;
    for (int i = 0; i < 200; ++i) lines += line("text number " + std::to_string(i));

    client.send(head("Content-Length: " + std::to_string(lines.size()) + "\r\n") + lines);
    served.await_held(64);
    const std::size_t waiting = served.on_io([&] { return served.world.embeddings.waiting(); });
    served.on_io([&] { served.world.embeddings.release(); });
    const std::string answer = client.read_until("\r\n0\r\n\r\n");

    EXPECT_EQ(waiting, 64u);
    EXPECT_THAT(answer, HasSubstr("{\"line\":200,\"status\":201,"));
    EXPECT_EQ(served.stored_conversations(), 200);
}

TEST(Batch, TakesManyLinesFromAClientThatReadsNothingBeforeItHasSentAll) {
    ServedWorld served;
    std::string lines;
    for (int i = 0; i < 3'000; ++i) lines += line("text number " + std::to_string(i));

    const std::string answers = send_batch(served, lines);

    EXPECT_THAT(answers, HasSubstr("{\"line\":3000,\"status\":201,"));
}

TEST(Batch, OfABrokenBodyAnswersWhatCameWhole) {
    ServedWorld served;
    RawClient client = served.connect();

    client.send(
        head("Transfer-Encoding: chunked\r\n") + chunk(line("one") + "{\"messages\":[{\"con")
    );
    const std::string first = client.read_until("\"chunks_created\":1}\n");
    client.send("not a chunk\r\n");
    const std::string rest = client.read_to_end();

    EXPECT_THAT(first, HasSubstr("{\"line\":1,\"status\":201,"));
    EXPECT_EQ(rest.find("0\r\n\r\n"), std::string::npos) << "the answer must not look complete";
    EXPECT_EQ(served.stored_conversations(), 1);
}

TEST(Batch, NeverTakesABodyThatItRefusesForTheNextRequest) {
    ServedWorld served;
    served.on_io([&] {
        served.world.embeddings.set_status(EmbeddingStatus{EmbeddingState::loading, {}});
    });
    const std::string smuggled = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
    RawClient client = served.connect();

    client.send(head("Content-Length: " + std::to_string(smuggled.size()) + "\r\n") + smuggled);
    client.end_sending();
    const std::string answers = client.read_to_end();

    EXPECT_EQ(status_of(answers), 503);
    EXPECT_THAT(answers, HasSubstr(R"("code":"starting")"));
    EXPECT_EQ(answers.find("HTTP/1.1", 1), std::string::npos) << answers;
}

TEST(Batch, NeverTakesABodyThatItsHandlerRefusesForTheNextRequest) {
    ServedWorld served;
    const std::string smuggled = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
    RawClient client = served.connect();

    client.send(
        head("Idempotency-Key: k\r\nContent-Length: " + std::to_string(smuggled.size()) + "\r\n") +
        smuggled
    );
    client.end_sending();
    const std::string answers = client.read_to_end();

    EXPECT_EQ(status_of(answers), 400);
    EXPECT_EQ(header_of(answers, "Connection"), "close");
    EXPECT_EQ(answers.find("HTTP/1.1", 1), std::string::npos) << answers;
}

TEST(Batch, LeavesHalfTheRoomToOtherBodies) {
    http::ServerLimits server;
    server.inflight_bytes_max = 4u << 20;  // Room for eight batches that hold next to nothing.
    http::ApplicationConfig config = ServedWorld::default_config();
    config.body_bytes_max = 1u << 20;
    ServedWorld served(server, config);
    std::vector<RawClient> open;
    for (int i = 0; i < 8; ++i) {
        open.push_back(served.connect());
        open.back().send(head("Transfer-Encoding: chunked\r\n") + chunk(line("one")));
        EXPECT_THAT(open.back().read_until("}\n"), HasSubstr("\"line\":1"));
    }

    const std::string ninth = served.exchange(head("Content-Length: 9\r\n") + "123456789");
    const std::string body(1u << 20, ' ');
    const std::string other = served.exchange(
        "POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + R"({"query":"one"})" + body.substr(15)
    );

    EXPECT_EQ(status_of(ninth), 503);
    EXPECT_EQ(status_of(other), 200) << other;
}

TEST(Batch, TakesRoomForALineThatGoesOn) {
    http::ServerLimits server;
    server.inflight_bytes_max = 1u << 20;
    ServedWorld served(server);
    RawClient other = served.connect();
    other.send(
        "POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: 700000\r\nExpect: 100-continue\r\n\r\n"
    );
    other.read_until("100 Continue");  // Has its room.
    RawClient client = served.connect();

    client.send(head("Transfer-Encoding: chunked\r\n") + chunk(std::string(200'000, 'x')));
    const std::string answer = client.read_answer();

    EXPECT_EQ(status_of(answer), 503);
    EXPECT_THAT(answer, HasSubstr(R"("code":"overloaded")"));
}

TEST(Batch, EndsAStreamThatOnlyTrickles) {
    http::ServerLimits server;
    server.stall_timeout = std::chrono::milliseconds(200);
    ServedWorld served(server);
    RawClient client = served.connect();

    client.send(head("Transfer-Encoding: chunked\r\n"));
    int bytes = 0;
    while (bytes < 200 && !client.is_answered_within(std::chrono::milliseconds(20))) {
        client.send(chunk("x"));
        ++bytes;
    }

    EXPECT_LT(bytes, 200);
    EXPECT_EQ(status_of(client.read_answer()), 408);
}

TEST(Batch, RefusesWhatItDoesNotTake) {
    ServedWorld served;
    const std::string body = line("one");
    const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";

    EXPECT_EQ(status_of(served.exchange(head("Idempotency-Key: k\r\n" + length) + body)), 400);
    EXPECT_EQ(
        status_of(served.exchange(
            "POST /ingest/batch HTTP/1.1\r\nHost: localhost\r\n"
            "Content-Type: application/json\r\n" +
            length + "\r\n" + body
        )),
        415
    );
}

}  // namespace
}  // namespace rag::test
