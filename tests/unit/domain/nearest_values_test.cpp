#include "domain/nearest_values.hpp"

#include <gmock/gmock.h>

namespace rag {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> nearest(std::string_view wanted, const std::vector<std::string>& values) {
    std::vector<std::string> found;
    for (const std::size_t place : nearest_values(wanted, values, 2)) {
        found.push_back(values[place]);
    }
    return found;
}

TEST(NearestValues, AreAFewLettersAway) {
    EXPECT_THAT(nearest("marta", {"ben", "martha", "marten"}), ElementsAre("martha", "marten"));
    EXPECT_THAT(nearest("jose garzia", {"ana", "jose garcia"})[0], "jose garcia");
    EXPECT_THAT(nearest("ปา", {"がとう", "ป่า"})[0], "ป่า");
    EXPECT_THAT(nearest("दपक", {"ana", "दीपक"})[0], "दीपक");
}

TEST(NearestValues, HoldTheWordsOfTheOther) {
    EXPECT_EQ(nearest("jose", {"josef", "jose garcia lopez"})[0], "jose garcia lopez");
    EXPECT_EQ(nearest("the kitchen project", {"the attic project", "kitchen"})[0], "kitchen");
    EXPECT_EQ(nearest("ana", {"anastasia maria", "eva"})[0], "eva") << "part of a word is no word";
}

TEST(NearestValues, AreGivenEvenWhereNothingIsLike) {
    EXPECT_THAT(nearest("robot", {"user", "tool", "system"}), SizeIs(2));
    EXPECT_THAT(nearest("x", {}), IsEmpty());
    EXPECT_THAT(nearest("", {"a"}), ElementsAre("a"));
}

TEST(NearestValues, OfOneLikenessKeepTheirOrder) {
    EXPECT_THAT(nearest("x", {"b", "a", "c"}), ElementsAre("b", "a"));
}

TEST(NearestValues, OfLongTextsCompareTheBeginning) {
    const std::string many(100'000, 'x');
    EXPECT_EQ(nearest(many, {"y" + many, many + "y"})[0], many + "y");
}

}  // namespace
}  // namespace rag
