#include "infrastructure/process.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <future>
#include <string>
#include <thread>

#include "infrastructure/version.hpp"

namespace rag {
namespace {

TEST(Signals, StopsOnTheFirstHurriesOnTheSecondReopensOnHangUp) {
    boost::asio::io_context io;
    std::string seen;
    std::unique_ptr<Signals> signals;
    signals = std::make_unique<Signals>(
        io.get_executor(),
        SignalHandlers{
            .stop =
                [&] {
                    seen += "stop ";
                    std::raise(SIGINT);
                },
            .hurry =
                [&] {
                    seen += "hurry ";
                    signals->cancel();
                },
            .reopen =
                [&] {
                    seen += "reopen ";
                    std::raise(SIGTERM);
                }}
    );

    std::raise(SIGHUP);
    io.run();

    EXPECT_EQ(seen, "reopen stop hurry ");
}

TEST(Signals, EndTheirWaitWhenTheyAreGone) {
    boost::asio::io_context io;
    { const Signals signals(io.get_executor(), {}); }

    io.run();  // Returns: nothing is waited for any more.

    EXPECT_TRUE(io.stopped());
}

TEST(Signals, AwaitTheHandlerThatIsRunningWhenTheyGo) {
    boost::asio::io_context io;
    auto guard = boost::asio::make_work_guard(io);
    std::promise<void> entered;
    std::promise<void> gone;
    bool gone_within_handler = false;
    std::thread io_thread;
    {
        SignalHandlers handlers;
        handlers.reopen = [&] {
            entered.set_value();
            // Long enough for the other thread to go wrong.
            const auto status = gone.get_future().wait_for(std::chrono::milliseconds(50));
            gone_within_handler = status == std::future_status::ready;
        };
        const Signals signals(io.get_executor(), std::move(handlers));
        io_thread = std::thread([&io] { io.run(); });
        std::raise(SIGHUP);
        entered.get_future().wait();
    }
    gone.set_value();
    guard.reset();
    io_thread.join();

    EXPECT_FALSE(gone_within_handler);
}

TEST(Process, AWriteIntoAClosedPipeIsAnErrorOnceSigpipeIsIgnored) {
    ignore_sigpipe();
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    close(ends[0]);

    EXPECT_EQ(write(ends[1], "x", 1), -1);
    EXPECT_EQ(errno, EPIPE);
    close(ends[1]);
}

TEST(Process, RaisesTheDescriptorLimitAsFarAsAllowed) {
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit low{.rlim_cur = 64, .rlim_max = before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);

    EXPECT_EQ(raise_descriptor_limit(256), std::min<std::size_t>(256, before.rlim_max));
    EXPECT_EQ(raise_descriptor_limit(128), std::min<std::size_t>(256, before.rlim_max));

    setrlimit(RLIMIT_NOFILE, &before);
}

TEST(Version, IsTheOneOfTheProject) { EXPECT_EQ(kVersion, "1.0.0"); }

}  // namespace
}  // namespace rag
