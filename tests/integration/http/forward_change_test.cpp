// What our own processes ask an owner that goes away or is not ready yet.

#include <gmock/gmock.h>

#include "served_world.hpp"

namespace rag::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr const char* kConversation = R"({"messages":[{"author_name":"ana","content":"lunch"}]})";

std::string batch_head() {
    return "POST /ingest/batch HTTP/1.1\r\nHost: localhost\r\n"
           "Content-Type: application/x-ndjson\r\nMcp-Backend-Forward-Key: k\r\n"
           "Transfer-Encoding: chunked\r\n\r\n";
}

std::string chunk(const std::string& bytes) {
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return size + bytes + "\r\n";
}

TEST(ForwardToAnOwnerThatGoes, AStreamOfOursEndsWhenTheOwnerGoesAway) {
    ServedWorld served;
    RawClient client = served.connect_as_owner();
    client.send(batch_head() + chunk(std::string(kConversation) + "\n"));
    const std::string first = client.read_until("\"chunks_created\":1}\n");

    served.on_io([&] { served.world.use_cases.health.start_draining(); });
    served.start_drain({.delay = 0s, .limit = 20s});
    const std::string rest = client.read_to_end();
    client.end_sending();

    EXPECT_THAT(first, HasSubstr("{\"line\":1,\"status\":201,"));
    EXPECT_EQ(rest.find("0\r\n\r\n"), std::string::npos) << "the answer must not look complete";
    EXPECT_EQ(served.drained.get_future().wait_for(10s), std::future_status::ready);
}

TEST(ForwardToAnOwnerThatGoes, ALineThatTheOwnerLeavesUndoneHasNoAnswer) {
    ServedWorld served;
    served.on_io([&] { served.world.embeddings.hold(); });
    RawClient client = served.connect_as_owner();
    client.send(batch_head() + chunk(std::string(kConversation) + "\n"));
    served.await_held();

    http::DrainPlan plan{.delay = 0s, .limit = 50ms};
    plan.abandon = [&served] {
        served.world.embeddings.fail_with(ErrorCode::unavailable);
        served.world.embeddings.release();
    };
    served.on_io([&] { served.world.use_cases.health.start_draining(); });
    served.start_drain(plan);
    const std::string answer = client.read_to_end();

    // Nothing was answered yet, so it is the whole that is refused; by this word it is repeated.
    EXPECT_EQ(status_of(answer), 503) << answer;
    EXPECT_THAT(answer, HasSubstr(R"("code":"shutting_down")"));
    EXPECT_EQ(served.stored_conversations(), 0);
}

TEST(ForwardToAnOwnerThatGoes, OfABatchThatIsAbandonedTheLinesThatAreDoneAreAnswered) {
    ServedWorld served;
    RawClient client = served.connect_as_owner();
    const std::string other = R"({"messages":[{"content":"another"}]})";
    client.send(batch_head() + chunk(std::string(kConversation) + "\n"));
    const std::string first = client.read_until("\"chunks_created\":1}\n");
    served.on_io([&] { served.world.embeddings.hold(); });
    client.send(chunk(other + "\n" + kConversation + "\n"));
    served.await_held();

    served.on_io([&] {
        served.world.use_cases.health.start_draining();
        served.world.embeddings.fail_with(ErrorCode::unavailable);
        served.world.embeddings.release();
    });
    const std::string rest = client.read_to_end();

    EXPECT_THAT(first, HasSubstr("{\"line\":1,\"status\":201,"));
    // Line 3 is known, but an answer to it would be taken for that of line 2.
    EXPECT_EQ(rest.find("\"line\""), std::string::npos) << rest;
    EXPECT_EQ(rest.find("0\r\n\r\n"), std::string::npos) << rest;
    EXPECT_EQ(served.stored_conversations(), 1);
}

TEST(ForwardToAnOwnerThatStarts, OurCallsWaitUntilTheModelIsThere) {
    ServedWorld served;
    served.on_io([&] { served.world.embeddings.set_status({EmbeddingState::loading, {}}); });
    RawClient client = served.connect_as_owner();
    client.send(ingest_request(kConversation));
    EXPECT_FALSE(client.is_answered_within(100ms));
    EXPECT_EQ(
        status_of(served.exchange("GET /search?q=x HTTP/1.1\r\nHost: localhost\r\n\r\n")), 503
    );

    served.on_io([&] {
        served.world.embeddings.set_status({EmbeddingState::ready, {}});
        served.world.use_cases.health.look_again();
    });

    EXPECT_EQ(status_of(client.read_answer()), 201);
}

TEST(ForwardToAnOwnerThatStarts, AnOwnerThatGoesBeforeItIsReadyLeavesOurCallsToTheNext) {
    ServedWorld served;
    served.on_io([&] { served.world.embeddings.set_status({EmbeddingState::loading, {}}); });
    RawClient client = served.connect_as_owner();
    client.send(ingest_request(kConversation));
    EXPECT_FALSE(client.is_answered_within(100ms));

    served.on_io([&] { served.world.use_cases.health.start_draining(); });
    const std::string answer = client.read_answer();

    EXPECT_EQ(status_of(answer), 503) << answer;
    EXPECT_THAT(answer, HasSubstr(R"("code":"shutting_down")"));
}

}  // namespace
}  // namespace rag::test
