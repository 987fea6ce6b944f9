#include "parent_watch.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <future>

namespace rag::mcp {
namespace {

TEST(ParentWatch, TellsThatTheParentIsGone) {
    std::promise<void> gone;
    // No process is its own parent.
    const ParentWatch watch(::getpid(), [&gone] { gone.set_value(); });

    EXPECT_EQ(gone.get_future().wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST(ParentWatch, IsSilentAndEndsAtOnceWhileTheParentLives) {
    bool told = false;
    {
        const ParentWatch watch(::getppid(), [&told] { told = true; });
        const ParentWatch of_nobody(0, [&told] { told = true; });
    }
    EXPECT_FALSE(told);
}

}  // namespace
}  // namespace rag::mcp
