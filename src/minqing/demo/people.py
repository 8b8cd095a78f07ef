"""Made-up people and households, the same for the same seed. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from minqing.demo.words import FEMALE, MALE, ROADS, SURNAMES
from minqing.households.demo import Home, Member

# 999999 is no county: none of these numbers can be a real person's
REGION = "999999"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
TODAY_AGE = 365.25
# townships that can have people of their own: each counts its people in steps of so many, so that none has another's
# identity number. It divides the 500 serials that a birthday has for each sex
STRIDE = 20
SIZES, SHARES = (1, 2, 3, 4, 5, 6, 7), (14, 24, 21, 19, 12, 7, 3)


def identity_number(born_on: date, serial: int) -> str:
    """GB 11643-1999: region, birth date, serial, and the check digit of ISO 7064 MOD 11-2."""
    body = f"{REGION}{born_on:%Y%m%d}{serial % 1000:03d}"
    return body + CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def person(random: Random, *, relation: str, sex: str, age: int, surname: str, serial: int, today: date) -> Member:
    born_on = today - timedelta(days=int(age * TODAY_AGE) + random.randrange(1, 365))
    given = random.choice(MALE if sex == "male" else FEMALE)
    # 154: a range without subscribers, as far as we know
    phone = f"1540{serial % 10_000_000:07d}" if 14 <= age <= 85 else ""
    odd = 1 if sex == "male" else 0
    return Member(
        name=surname + given,
        sex=sex,
        born_on=born_on,
        relation=relation,
        # GB 11643: the serial is odd for men
        identity_number=identity_number(born_on, (serial * 2 + odd) % 1000),
        phone=phone,
    )


def sizes(random: Random, households: int, residents: int) -> list[int]:
    """How many people live in each of ``households``: as uneven as life, and ``residents`` together."""
    found = random.choices(SIZES, SHARES, k=households)
    while (left := residents - sum(found)) != 0:
        step = 1 if left > 0 else -1
        for at in random.sample(range(households), min(abs(left), households)):
            if 1 <= found[at] + step <= SIZES[-1] + 2:
                found[at] += step
    return found


class Homes:
    """An endless, reproducible supply of households for the township of that number."""

    def __init__(self, seed: str | int, today: date, township: int = 0) -> None:
        if township >= STRIDE:
            raise ValueError(f"people for {STRIDE} townships at most")
        self.random = Random(f"homes-{seed}")  # noqa: S311  # made-up people, not secrets
        self.today = today
        self.serial = township
        self.seen: set[str] = set()

    def member(self, relation: str, sex: str, age: int, surname: str) -> Member:
        """A person whose identity number nobody has yet."""
        while True:
            self.serial += STRIDE
            made = person(
                self.random, relation=relation, sex=sex, age=age, surname=surname, serial=self.serial, today=self.today
            )
            if made.identity_number not in self.seen:
                self.seen.add(made.identity_number)
                return made

    def home(self, number: str, place: str, size: int) -> Home:
        random = self.random
        surname = random.choice(SURNAMES)
        # few large households are led by the very young or very old
        age = min(max(int(random.gauss(56, 15)), 26 if size < 4 else 34), 94 if size != 2 else 86)
        head = self.member("head", "male" if random.random() < 0.8 else "female", age, surname)
        people = [head]
        for relation, sex, years in self.family(head, age):
            if len(people) == size:
                break
            name = random.choice(SURNAMES) if relation == "spouse" else surname
            made = self.member(relation, sex, years, name)
            while any(one.name == made.name for one in people):
                made = self.member(relation, sex, years, name)
            people.append(made)
        address = f"{place}{random.choice(ROADS)}{random.randrange(1, 180)}号"
        return Home(number, address, tuple(people), tuple(self.tags(people)))

    def family(self, head: Member, age: int) -> Iterator[tuple[str, str, int]]:
        """Relation, sex and age of further members, the likeliest first and without end."""
        random = self.random
        if random.random() < (0.9 if age < 75 else 0.6):
            yield "spouse", "female" if head.sex == "male" else "male", max(22, age + random.randrange(-5, 4))
        eldest = age - random.randrange(23, 31)
        for years in (eldest, eldest - random.randrange(2, 7)):
            if 0 <= years <= 62:
                sex = random.choice(("male", "female"))
                yield "son" if sex == "male" else "daughter", sex, years
        if age < 66 and random.random() < 0.5:
            yield "parent", random.choice(("male", "female")), min(age + 26, 96)
        while True:
            sex = random.choice(("male", "female"))
            if eldest >= 26:
                yield "grandchild", sex, max(0, eldest - random.randrange(24, 32))
            else:
                yield "sibling", sex, max(3, age - random.randrange(1, 12))

    def tags(self, people: list[Member]) -> Iterator[tuple[int, str]]:
        random = self.random
        ages = [(self.today - one.born_on).days / TODAY_AGE for one in people]
        for place, age in enumerate(ages):
            if age >= 80:
                yield place, "aged-80"
        if len(people) == 1 and ages[0] >= 65:
            yield 0, "lives-alone-old"
        for code, share in (("low-income", 0.03), ("party-member", 0.06), ("old-wiring", 0.03)):
            if random.random() < share:
                yield 0, code
        for code, share in (("works-away", 0.12), ("disabled", 0.03), ("veteran", 0.03), ("serious-illness", 0.015)):
            if random.random() < share:
                yield random.randrange(len(people)), code
