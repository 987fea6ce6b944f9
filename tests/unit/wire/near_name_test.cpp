#include "wire/near_name.hpp"

#include <gtest/gtest.h>

namespace rag::wire {
namespace {

TEST(NearName, IsALetterOrTwoAwayAsLongAsTheNameIs) {
    EXPECT_TRUE(is_near_name("timestmp", "timestamp"));
    EXPECT_TRUE(is_near_name("conversationid", "conversation_id"));
    EXPECT_TRUE(is_near_name("dat_frm", "date_from"));
    EXPECT_TRUE(is_near_name("topk", "top_k"));
    EXPECT_TRUE(is_near_name("TOP_K", "top_k"));

    EXPECT_FALSE(is_near_name("tpk", "top_k"));         // Two away, of five letters.
    EXPECT_FALSE(is_near_name("form", "from"));         // Too short to tell.
    EXPECT_FALSE(is_near_name("messages", "message"));  // Plurals are words of their own.
    EXPECT_TRUE(is_near_name("message", "messages"));   // The other way it is a slip.
    EXPECT_FALSE(is_near_name("metadata", "messages"));
}

TEST(NearName, IsOneLetterAwayWhereNoMoreIsAllowed) {
    EXPECT_TRUE(is_near_name("sent_att", "sent_at", 1));
    EXPECT_FALSE(is_near_name("sent_to", "sent_at", 1));
    EXPECT_FALSE(is_near_name("authors", "author", 1));
    EXPECT_TRUE(is_near_name("auhtor", "author", 1));  // Two letters swapped.
}

TEST(NearName, IsTheSameInCamelCase) {
    EXPECT_EQ(snake_case("topK"), "top_k");
    EXPECT_EQ(snake_case("conversationID"), "conversation_id");
    EXPECT_EQ(snake_case("author_name"), "author_name");
}

}  // namespace
}  // namespace rag::wire
