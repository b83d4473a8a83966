"""Tests of a small stack, run in this process, with their results printed."""
import doctest
import io
import unittest
from unittest import mock


class Stack:
    """A stack.

    >>> s = Stack([1, 2])
    >>> s.pop()
    2
    >>> s
    Stack([1])
    >>> Stack().pop()
    Traceback (most recent call last):
        ...
    IndexError: pop from an empty stack
    >>> len(s)
    3
    """

    def __init__(self, items=()):
        self.items = list(items)

    def push(self, item):
        self.items.append(item)

    def pop(self):
        if not self.items:
            raise IndexError("pop from an empty stack")
        return self.items.pop()

    def __len__(self):
        return len(self.items)

    def __repr__(self):
        return f"Stack({self.items})"


class StackTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = ["class"]

    def setUp(self):
        self.stack = Stack("ab")
        self.addCleanup(self.log.append, self.id().rpartition(".")[2])

    def test_push_and_pop(self):
        self.stack.push("c")
        self.assertEqual([self.stack.pop() for _ in range(3)], ["c", "b", "a"])
        with self.assertRaisesRegex(IndexError, "empty"):
            self.stack.pop()

    def test_fails(self):
        self.assertEqual(self.stack.items, ["a", "c"])

    def test_dicts(self):
        self.assertEqual({"a": 1, "b": 2}, {"a": 1, "b": 3}, "with a message")

    def test_breaks(self):
        self.stack.nothing()

    @unittest.skip("not today")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_known(self):
        self.assertTrue(False)

    @unittest.expectedFailure
    def test_unexpectedly_good(self):
        pass

    def test_parts(self):
        for n in range(4):
            with self.subTest(n=n):
                self.assertEqual(n % 2, 0)

    def test_assertions(self):
        self.assertIn("a", self.stack.items)
        self.assertIsInstance(self.stack, Stack)
        self.assertAlmostEqual(0.1 + 0.2, 0.3)
        self.assertCountEqual([1, 2, 2], [2, 1, 2])
        self.assertIsNone(None)
        self.assertGreater(2, 1)
        with self.assertLogs("x", "INFO") as logs:
            __import__("logging").getLogger("x").info("hello")
        self.assertEqual(logs.output, ["INFO:x:hello"])
        with self.assertWarns(UserWarning):
            __import__("warnings").warn("w")
        self.assertMultiLineEqual("a\nb\n", "a\nb\n")
        if not self.stack:
            self.skipTest("never")


class MockTest(unittest.TestCase):
    def test_mock(self):
        thing = mock.Mock(return_value=3, side_effect=None)
        thing.method.return_value = "x"
        self.assertEqual((thing(1, a=2), thing.method()), (3, "x"))
        thing.assert_called_once_with(1, a=2)
        self.assertEqual(thing.mock_calls, [mock.call(1, a=2), mock.call.method()])
        with self.assertRaisesRegex(AssertionError, "Expected 'method' to not have been called"):
            thing.method.assert_not_called()

    def test_patch(self):
        with mock.patch.object(Stack, "pop", autospec=True, side_effect=[1, KeyError("k")]) as pop:
            s = Stack()
            self.assertEqual(s.pop(), 1)
            self.assertRaises(KeyError, s.pop)
            self.assertEqual(pop.call_count, 2)
        with mock.patch("builtins.open", mock.mock_open(read_data="data")) as opened:
            self.assertEqual(open("nowhere").read(), "data")
        opened.assert_called_once_with("nowhere")
        magic = mock.MagicMock()
        magic.__len__.return_value = 5
        self.assertEqual(len(magic), 5)
        with mock.patch.dict("os.environ", {"SCRIPT": "1"}):
            self.assertEqual(__import__("os").environ["SCRIPT"], "1")


class AsyncTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.value = 1

    async def test_await(self):
        task = mock.AsyncMock(return_value=7)
        self.assertEqual(await task() + self.value, 8)
        task.assert_awaited_once()


def main():
    suite = unittest.TestSuite()
    loader = unittest.defaultTestLoader
    for case in StackTest, MockTest, AsyncTest:
        suite.addTests(loader.loadTestsFromTestCase(case))
    print(suite.countTestCases(), loader.getTestCaseNames(StackTest))
    out = io.StringIO()
    result = unittest.TextTestRunner(out, verbosity=2).run(suite)
    for line in out.getvalue().splitlines():
        if not line.startswith(("  ", "Ran ", "Traceback")):
            print(line)
    print(result)
    for kind in "failures", "errors":
        for test, text in getattr(result, kind):
            print(kind, test, "|", text.strip().splitlines()[-1])
    print([(str(t), why) for t, why in result.skipped], len(result.expectedFailures), len(result.unexpectedSuccesses), result.wasSuccessful())
    print(StackTest.log)
    finder = doctest.DocTestFinder()
    runner = doctest.DocTestRunner(verbose=False)
    report = io.StringIO()
    for test in finder.find(Stack, "Stack", globs={"Stack": Stack}):
        print(test.name, len(test.examples), runner.run(test, out=report.write))
    print("\n".join(line for line in report.getvalue().splitlines() if not line.startswith("File ")))


if __name__ == "__main__":
    main()
