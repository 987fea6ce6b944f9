#include <gmock/gmock.h>

#include "served_world.hpp"

namespace rag::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kProbe = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";

constexpr const char* kHeldBack = R"({"messages":[{"content":"held back"}]})";

TEST(Drain, ServesOnDuringTheDelayAndTellsClientsToLeave) {
    ServedWorld served;
    RawClient client = served.connect();
    client.send(kProbe);
    ASSERT_EQ(header_of(client.read_answer(), "Connection"), "");

    served.start_drain({.delay = 10s, .limit = 1s});
    RawClient late = served.connect();
    late.send(kProbe);
    client.send(kProbe);

    EXPECT_EQ(header_of(late.read_to_end(), "Connection"), "close");
    EXPECT_EQ(header_of(client.read_to_end(), "Connection"), "close");
}

TEST(Drain, ClosesThePortAndIdleConnections) {
    ServedWorld served;
    RawClient idle = served.connect();
    idle.send(kProbe);
    idle.read_answer();

    served.start_drain({.delay = 0s, .limit = 10s});

    EXPECT_EQ(idle.read_to_end(), "");
    EXPECT_EQ(served.drained.get_future().wait_for(20s), std::future_status::ready);
    EXPECT_THROW(served.connect(), std::runtime_error);
}

TEST(Drain, LetsWhatRunsFinish) {
    ServedWorld served;
    served.on_io([&] { served.world.embeddings.hold(); });
    RawClient client = served.connect();
    client.send(ingest_request(kHeldBack));
    served.await_held();

    served.start_drain({.delay = 0s, .limit = 20s});
    served.on_io([&] { served.world.embeddings.release(); });
    const std::string answer = client.read_to_end();

    EXPECT_EQ(status_of(answer), 201) << answer;
    EXPECT_EQ(header_of(answer, "Connection"), "close");
    EXPECT_EQ(served.drained.get_future().wait_for(20s), std::future_status::ready);
}

TEST(Drain, AnswersWhatDoesNotFinishInTime) {
    ServedWorld served;
    served.on_io([&] { served.world.embeddings.hold(); });
    RawClient client = served.connect();
    client.send(ingest_request(kHeldBack));
    served.await_held();

    served.start_drain({.delay = 0s, .limit = 50ms});
    const std::string answer = client.read_to_end();

    EXPECT_EQ(status_of(answer), 503) << answer;
    EXPECT_EQ(header_of(answer, "Retry-After"), "1");
    EXPECT_EQ(served.drained.get_future().wait_for(20s), std::future_status::ready);
    EXPECT_EQ(served.stored_conversations(), 0);
    served.on_io([&] { served.world.embeddings.release(); });
}

TEST(Drain, LetsWhatIsAbandonedFailByItself) {
    ServedWorld served;
    served.on_io([&] { served.world.embeddings.hold(); });
    RawClient client = served.connect();
    client.send(ingest_request(kHeldBack));
    served.await_held();

    http::DrainPlan plan{.delay = 0s, .limit = 50ms};
    plan.abandon = [&served] {
        served.world.embeddings.fail_with(ErrorCode::unavailable);
        served.world.embeddings.release();
    };
    served.on_io([&] { served.world.use_cases.health.start_draining(); });
    served.start_drain(plan);
    const std::string answer = client.read_to_end();

    EXPECT_EQ(status_of(answer), 503) << answer;
    // By this word a process that forwarded it knows to ask the next owner.
    EXPECT_NE(answer.find(R"("code":"shutting_down")"), std::string::npos) << answer;
    EXPECT_EQ(served.drained.get_future().wait_for(20s), std::future_status::ready);
    EXPECT_EQ(served.on_io([&] { return served.server.connections(); }), 0U);
    EXPECT_EQ(served.stored_conversations(), 0);
}

}  // namespace
}  // namespace rag::test
