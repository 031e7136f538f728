"""The grammar of an expression, read by recursive descent with one token of look-ahead: see :mod:`sim.results.expression`."""

from __future__ import annotations

import math

from sim.results.errors import ExpressionError
from sim.results.names import nearest
from sim.results.syntax import OF_ALL_DRAWS, OF_EACH_DRAW, Arithmetic, Call, Comparison, Logic, Name, Node, Number
from sim.results.tokens import Token, Tokens, short

DEEPEST = 60
COMPARISONS = ("<=", ">=", "==", "!=", "<", ">")
_STATISTIC = "a statistic of it such as mean(x), quantile(x, 0.9) or chance(x > 0)"


class Parser:
    """One text on its way to a :data:`~sim.results.syntax.Node`.

    ``statement``: whether it speaks of the distribution, so that names stand within statistics.
    """

    def __init__(self, text: str, statement: bool = False) -> None:
        self.tokens = Tokens(text)
        self.statement = statement  # outside of every statistic of a statement
        self.depth = 0
        self.next = self.tokens.next()

    def whole(self) -> Node:
        """The text as one expression.

        Raises
        ------
        ExpressionError: where it goes wrong, with what was found and what is expected.
        """
        node = self._either()
        if self.next.kind != "end":
            raise self._wrong("the end, an operator, and, or")
        return node

    def _either(self) -> Node:
        node = self._all()
        while self._take_word("or"):
            node = Logic("or", self._truth(node, "or"), self._truth(self._all(), "or"))
        return node

    def _all(self) -> Node:
        node = self._negation()
        while self._take_word("and"):
            node = Logic("and", self._truth(node, "and"), self._truth(self._negation(), "and"))
        return node

    def _negation(self) -> Node:
        if self._take_word("not"):
            self._deeper()
            inner = self._truth(self._negation(), "not")
            self.depth -= 1
            return Logic("not", inner, inner)
        return self._comparison()

    def _comparison(self) -> Node:
        left = self._sum()
        found: Node | None = None
        while self.next.text in COMPARISONS and self.next.kind == "sign":
            sign = self._advance().text
            left_number = self._number(left, sign)
            right = self._number(self._sum(), sign)
            link = Comparison(sign, left_number, right)
            found = link if found is None else Logic("and", found, link)
            left = right
        return left if found is None else found

    def _sum(self) -> Node:
        node = self._product()
        while self.next.kind == "sign" and self.next.text in "+-":
            sign = self._advance().text
            node = Arithmetic(sign, self._number(node, sign), self._number(self._product(), sign))
        return node

    def _product(self) -> Node:
        node = self._factor()
        while self.next.kind == "sign" and self.next.text in "*/":
            sign = self._advance().text
            node = Arithmetic(sign, self._number(node, sign), self._number(self._factor(), sign))
        return node

    def _factor(self) -> Node:
        token = self.next
        if token.kind == "sign" and token.text in "+-":
            self._advance()
            self._deeper()
            inner = self._number(self._factor(), token.text)
            self.depth -= 1
            if isinstance(inner, Number):
                return Number(-inner.value if token.text == "-" else inner.value)
            return inner if token.text == "+" else Arithmetic("-", Number(0.0), inner)
        if token.kind == "number":
            self._advance()
            return self._value(token)
        if token.kind == "word" and token.text not in ("and", "or", "not"):
            self._advance()
            if self.next.text == "(" and self.next.kind == "sign":
                return self._call(token)
            if self.statement:
                raise self._error(token.at, f"found {short(token.text)} of each draw, expected {_STATISTIC}")
            return Name(token.text, self._labels(), token.at)
        if token.text == "(" and token.kind == "sign":
            self._advance()
            self._deeper()
            node = self._either()
            if self.next.text != ")":
                raise self._wrong('")"')
            self._advance()
            self.depth -= 1
            return node
        raise self._wrong("a number, a name or an opening bracket")

    def _call(self, name: Token) -> Call:
        """A function's call, its opening bracket being next."""
        known = {**OF_EACH_DRAW, **OF_ALL_DRAWS}
        if name.text not in known:
            raise self._error(name.at, f"found a call, {nearest('function', name.text, known)}")
        of_all = name.text in OF_ALL_DRAWS
        if of_all and not self.statement:
            where = "a statistic of all draws, expected a number or a condition of each draw"
            raise self._error(name.at, f"found {name.text}, {where}")
        outside, self.statement = self.statement, self.statement and not of_all
        self._deeper()
        arguments = [self._either()] if self._opened() else []
        while self.next.text == "," and self.next.kind == "sign":
            self._advance()
            arguments.append(self._either())
        if self.next.text != ")":
            raise self._wrong('"," or ")"')
        self.statement = outside
        self._advance()
        self.depth -= 1
        self._fit(name, arguments, *known[name.text])
        return Call(name.text, tuple(arguments), name.at)

    def _opened(self) -> bool:
        """Take the bracket; whether an argument follows."""
        self._advance()
        return self.next.text != ")"

    def _fit(self, name: Token, arguments: list[Node], least: int, most: int | None) -> None:
        """Refuse a number of arguments, or kinds of them, that a function does not take."""
        if len(arguments) < least or (most is not None and len(arguments) > most):
            wanted = f"{least}" if least == most else f"{least} or more"
            raise self._error(name.at, f"found {len(arguments)} arguments of {name.text}, expected {wanted}")
        for i, argument in enumerate(arguments):
            truth = isinstance(argument, Comparison | Logic)
            if truth != (name.text == "chance" or (name.text == "when" and i == 0)):
                found, expected = ("a condition", "a number") if truth else ("a number", "a condition such as x > 0")
                raise self._error(name.at, f"found {found} as argument {i + 1} of {name.text}, expected {expected}")
        if name.text == "quantile" and not (isinstance(arguments[1], Number) and 0 <= arguments[1].value <= 1):
            raise self._error(name.at, "found another level of quantile, expected a number from 0 to 1")

    def _value(self, token: Token) -> Number:
        value = float(token.text)
        if not math.isfinite(value):
            raise self._error(token.at, f"found {short(token.text)}, expected a number that a double can hold")
        return Number(value)

    def _labels(self) -> tuple[tuple[str, str], ...]:
        """The labels in brackets after a name; nothing where there are none."""
        if self.next.kind != "open":
            return ()
        found = self.tokens.labels(self.next)
        self.next = self.tokens.next()
        return found

    def _take_word(self, word: str) -> bool:
        if self.next.kind == "word" and self.next.text == word:
            self._advance()
            return True
        return False

    def _truth(self, node: Node, word: str) -> Node:
        if isinstance(node, Comparison | Logic):
            return node
        raise self._error(self.next.at, f'found a number beside "{word}", expected a comparison such as x > 0')

    def _number(self, node: Node, sign: str) -> Node:
        if isinstance(node, Comparison | Logic):
            raise self._error(self.next.at, f'found a comparison beside "{sign}", expected a number')
        return node

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._error(self.next.at, f"found brackets or signs nested more than {DEEPEST} deep, expected fewer")

    def _advance(self) -> Token:
        token, self.next = self.next, self.tokens.next()
        return token

    def _wrong(self, expected: str) -> ExpressionError:
        found = short(self.next.text) if self.next.kind != "end" else "the end"
        return self._error(self.next.at, f"found {found}, expected {expected}")

    def _error(self, at: int, message: str) -> ExpressionError:
        return self.tokens.error(at, message)
