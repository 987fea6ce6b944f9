"""What scripts/tidy.py finds in a house with one fault, and that it finds nothing without: tidy_test.py SCRIPTS"""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, sys.argv.pop(1))
import tidy  # noqa: E402

HOUSE = {
    "src/domain/CMakeLists.txt": "rag_module(domain SOURCES a.cpp PUBLIC tl::expected)\n",
    "src/domain/include/domain/a.hpp": "#include <tl/expected.hpp>\n",
    "src/domain/a.cpp": '#include "domain/a.hpp"\n#include "near.hpp"\n',
    "src/domain/near.hpp": "",
    "src/application/CMakeLists.txt": "rag_module(application\n    SOURCES b.cpp\n    PUBLIC rag::domain\n)\n",
    "src/application/b.cpp": '#include "domain/a.hpp"\n',
    "tests/unit/CMakeLists.txt": "rag_test(house SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/a_test.cpp)\n",
    "tests/unit/a_test.cpp": "",
}


class Tidy(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tidy-")
        self.addCleanup(folder.cleanup)
        self.addCleanup(setattr, tidy, "ROOT", tidy.ROOT)
        tidy.ROOT = pathlib.Path(folder.name)

    def found(self, faults):
        """What the checks find in the house with these files changed."""
        for name, text in (HOUSE | faults).items():
            path = tidy.ROOT / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        files = sorted(path for path in tidy.ROOT.rglob("*") if path.is_file())
        uses = tidy.uses_by_module(files)
        return ([f"{path.name}: {what}" for path, _, what in tidy.orphans(tidy.ROOT, files)]
                + list(tidy.idle_permissions(uses, {"application": {"application", "domain"}}, {"tl": {"domain"}}))
                + [what for _, _, what in tidy.idle_links(files, uses)])

    def test_finds_nothing_where_all_is_needed(self):
        self.assertEqual(self.found({}), [])

    def test_finds_a_header_that_nobody_includes(self):
        self.assertEqual(self.found({"src/domain/a.cpp": '#include "domain/a.hpp"\n'}),
                         ["near.hpp: nobody includes this header: delete it"])

    def test_a_header_that_includes_itself_is_not_included(self):
        self.assertEqual(self.found({"src/domain/own.hpp": '#include "own.hpp"\n'}),
                         ["own.hpp: nobody includes this header: delete it"])

    def test_finds_a_source_that_is_not_built(self):
        what = ": no CMakeLists.txt names this source: add it there, or delete it"
        self.assertEqual(self.found({"src/domain/left.cpp": ""}), ["left.cpp" + what])
        self.assertEqual(self.found({"tests/unit/CMakeLists.txt": "# a_test.cpp\n"}),
                         ["left.cpp" + what, "a_test.cpp" + what])

    def test_finds_a_link_that_nothing_uses(self):
        module = "rag_module(application SOURCES b.cpp PUBLIC rag::domain PRIVATE CLI11::CLI11)\n"
        self.assertEqual(self.found({"src/application/CMakeLists.txt": module}),
                         ["application links CLI11::CLI11 and includes none of it"])

    def test_finds_what_this_script_allows_and_nobody_needs(self):
        self.assertEqual(
            self.found({"src/domain/include/domain/a.hpp": "", "src/application/b.cpp": ""}),
            ["application may include domain and does not: take it from ALLOWED",
             "domain may use tl and does not: take it from LIBRARIES",
             "application links rag::domain and includes none of it",
             "domain links tl::expected and includes none of it"])


if __name__ == "__main__":
    unittest.main()
