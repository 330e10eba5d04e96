"""Programs with what N, or the list that is unrolled, comes to: a number, a range with its default, None if not told.

None does not say that nobody could tell: some are only longer to follow than rnnlint looks.
"""
# ruff: noqa: E501 - a program is easier to look through in one line

from __future__ import annotations

Wanted = int | tuple[int, int | None, int | None] | None
Case = tuple[str, Wanted]

MODULES: list[tuple[str, Wanted, dict[str, str]]] = [
    ("import pkg.sub\nN = pkg.sub.STEPS", 7, {"pkg/__init__.py": "", "pkg/sub.py": "STEPS = 7\n"}),
    ("import pkg\nN = pkg.sub.STEPS", 7, {"pkg/__init__.py": "", "pkg/sub.py": "STEPS = 7\n"}),
    ("import pkg.sub\nN = pkg.sub.more.STEPS", None, {"pkg/__init__.py": "", "pkg/sub.py": "STEPS = 7\n"}),
]

FLAGS: list[Case] = [
    ("N = FLAGS.steps\nFLAGS = tf.app.flags.FLAGS", None),
    ("FLAGS = tf.app.flags.FLAGS\nN = FLAGS.steps", None),
    (
        "FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('a', 5, '')\ntf.app.flags.DEFINE_integer(name='steps', default=7, help='')\nN = FLAGS.steps",
        7,
    ),
    (
        "FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('steps', 7, '')\ntf.app.flags.DEFINE_integer(NAME)\nopts = FLAGS.__flags\nN = opts['steps']",
        7,
    ),
    (
        "FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('n', 5, '')\nd = {}\nfor k, v in FLAGS.__flags.items():\n    d[k] = v.value\nN = d['n']",
        5,
    ),
    (
        "FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('n', 5, '')\ndef main():\n    FLAGS.n = 7\n    build()\ndef build():\n    tf.nn.static_rnn(cell, [x] * FLAGS.n)\nmain()",
        7,
    ),
    (
        "FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('n', 5, '')\ndef main():\n    if c:\n        FLAGS.n = 7\n    build()\ndef build():\n    tf.nn.static_rnn(cell, [x] * FLAGS.n)\nmain()",
        (5, 7, None),
    ),
    (
        "FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('n', 5, '')\ndef main():\n    for k in z:\n        FLAGS.n = 7\n    build()\ndef build():\n    tf.nn.static_rnn(cell, [x] * FLAGS.n)\nmain()",
        (5, 7, None),
    ),
    (
        "FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('n', 5, '')\nFLAGS.n = 7\ndef build():\n    tf.nn.static_rnn(cell, [x] * FLAGS.n)\nbuild()",
        7,
    ),
    (
        "FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('n', 5, '')\ndef main():\n    FLAGS.n = 7\ndef build():\n    tf.nn.static_rnn(cell, [x] * FLAGS.n)\nmain()\nbuild()",
        7,
    ),
    (
        "FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('n', 5, '')\ndef main():\n    FLAGS.n = 7\n    run(lambda: build())\ndef build():\n    tf.nn.static_rnn(cell, [x] * FLAGS.n)\nmain()",
        7,
    ),
    (
        "FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('n', 5, '')\nclass M:\n    FLAGS.n = 7\n    def build(self):\n        tf.nn.static_rnn(cell, [x] * FLAGS.n)\nM().build()",
        (5, 7, None),
    ),
    (
        "FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('n', 5, '')\ndef a():\n    z.n = 8\ndef b():\n    z['n'] = 8\n    n = 3\n    z[n] = 4\n    self.n = 4\n    del z.n\ndef build():\n    tf.nn.static_rnn(cell, [x] * FLAGS.n)\nbuild()",
        5,
    ),
    (
        "if c:\n    FLAGS = {'n': 3}\n    FLAGS['n'] = 4\nelse:\n    FLAGS = {'n': 5}\n    FLAGS['n'] = 6\n    tf.nn.static_rnn(cell, [x] * FLAGS['n'])",
        6,
    ),
]

CLASSES: list[Case] = [
    (
        "class C:\n    def __init__(self):\n        self.units = 1\na = C()\na.steps = 30\nb = C()\nb.steps = 30\ndef f(c):\n    tf.nn.static_rnn(cell, [x] * c.steps)\nf(a)\nf(b)",
        30,
    ),
    ("class C: pass\nc = C()\nc.xs = [a, b]\nN = len(c.xs)", 2),
    ("class Config:\n    steps = 9\ndef f(c: Config):\n    tf.nn.static_rnn(cell, [x] * c.steps)", 9),
    ("class M:\n    @staticmethod\n    def f(n):\n        tf.nn.static_rnn(cell, [x] * n)\nM.f(6)\nM().f(6)", 6),
    ("class M:\n    @classmethod\n    def f(cls, n):\n        tf.nn.static_rnn(cell, [x] * n)\nM.f(6)", 6),
    (
        "class C:\n    steps = 4\n    def __init__(self, units):\n        self.units = units\nc = C(1) if t else C(2)\nN = c.steps",
        4,
    ),
    (
        "class M:\n    def __init__(self):\n        self.n = 3\n    def f(self, k):\n        tf.nn.static_rnn(cell, [x] * self.n)\nm = M()\nM.f(m, 3)",
        3,
    ),
    (
        "class C:\n    steps = 4\n    def __init__(self):\n        if True:\n            self.steps = 9\nN = C().steps",
        9,
    ),
    (
        "class C:\n    steps = 4\n    def __init__(self, flag):\n        if flag:\n            self.steps = 9\nN = C(load()).steps",
        (4, 9, None),
    ),
    (
        "class F:\n    def __init__(self, n):\n        self.n = n\nclass G(F):\n    def __init__(self, n):\n        init(n)\n        F.__init__(self, n)\nN = G(5).n",
        5,
    ),
    (
        "class F:\n    def __init__(self, n):\n        self.n = n\nclass G(F):\n    def __init__(self, n):\n        self.cell.__init__(n)\n        super().__init__(n)\nN = G(5).n",
        5,
    ),
    (
        "class F:\n    def __init__(self, n):\n        self.n = n\nclass G(F):\n    def __init__(self, n):\n        self.cell.__init__(n)\nN = G(5).n",
        None,
    ),
    (
        "class F:\n    def __init__(self):\n        self.n = None\n    def build(self):\n        self.n = 6\nf = F()\nf.build()\nN = f.n",
        6,
    ),
    (
        "class F:\n    def __init__(self, n):\n        self.n = n\n    def steps(self):\n        return self.n\n    def build(self):\n        tf.nn.static_rnn(cell, [x] * self.steps())\nclass G(F):\n    def steps(self):\n        return 2 * self.n\nclass H(F):\n    def steps(self):\n        return 3 * self.n\nG(4).build()",
        8,
    ),
    (
        "class F:\n    def __init__(self, n):\n        self.n = n\n    def steps(self):\n        return self.n\n    def build(self):\n        tf.nn.static_rnn(cell, [x] * self.steps())\nclass G(F):\n    def steps(self):\n        return 2 * self.n\nclass H(F):\n    pass\nG(4).build()\nH(4).build()",
        (4, 8, None),
    ),
    (
        "class F:\n    def __init__(self, n):\n        self.n = n\n    def build(self):\n        tf.nn.static_rnn(cell, [x] * self.n)\nclass G(F):\n    def build(self):\n        pass\nF(4).build()\nG(8).build()",
        4,
    ),
    (
        "class F:\n    def __init__(self, n):\n        self.n = n\n    def build(self):\n        tf.nn.static_rnn(cell, [x] * self.n)\nclass G(F):\n    def build(self):\n        super().build()\nF(4).build()\nG(4).build()",
        4,
    ),
    (
        "class F:\n    def __init__(self, n):\n        self.n = n\n    def build(self):\n        tf.nn.static_rnn(cell, [x] * self.n)\nclass G(F):\n    build = None\nF(4).build()\nG(8)",
        4,
    ),
    (
        "class C:\n    def f(self):\n        xs = []\n        class D:\n            xs.append(a)\n        return len(xs)\nN = C().f()",
        None,
    ),
    ("xs = [a]\nclass D:\n    xs.append(b)\nN = len(xs)", (1, None, None)),
    (
        "class C:\n    def __init__(self, table):\n        for key, value in table.items():\n            setattr(self, key, value)\nN = C({'n': 4}).n",
        4,
    ),
    (
        "class C:\n    def __init__(self, table):\n        for key in table.keys():\n            setattr(self, key, table[key])\nN = C({'n': 4}).n",
        4,
    ),
    (
        "class C:\n    def __init__(self, table):\n        for key in table:\n            setattr(self, key, table[key])\nN = C({'n': 4}).n",
        4,
    ),
    (
        "class C:\n    def __init__(self, table):\n        for key in table:\n            setattr(self, key, other(key))\nN = C({'n': 4}).n",
        None,
    ),
    (
        "class C:\n    def __init__(self, table):\n        for key in table:\n            setattr(self, key, table[0])\nN = C({'n': 4}).n",
        None,
    ),
    (
        "class C:\n    def __init__(self, table):\n        setattr(self, name(), table)\n        setattr(self)\nN = C({'n': 4}).n",
        None,
    ),
    ("class C:\n    def __init__(self, key):\n        setattr(self, key, 3)\nN = C('n').n", None),
    ("class C:\n    def __init__(self, **options):\n        self.__dict__.update(options)\nN = C(n=4).n", 4),
    ("class C:\n    def __init__(self, **options):\n        self.__dict__.update(**options)\nN = C(n=4).n", 4),
    (
        "class C:\n    def __init__(self, **options):\n        other.update(options)\n        self.__dict__ = options\nN = C(n=4).n",
        4,
    ),
    ("class C:\n    def __init__(self, options):\n        self.__dict__ = load(options)\nN = C(4).n", None),
    ("class C:\n    def __init__(self, options):\n        __dict__ = options\nN = C({'n': 4}).n", None),
    ("class C:\n    def __init__(self, n):\n        self.__dict__.update(locals())\nN = C(4).n", 4),
    (
        "class B:\n    def __init__(self, **options):\n        vars(self).update(options)\nclass C(B):\n    def __init__(self, n):\n        B.__init__(self, n=n)\nN = C(4).n",
        4,
    ),
    (
        "def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\ndef choose():\n    return f\nclass D:\n    def choose(self): return other\nD().choose()(7)\nchoose()(6)",
        6,
    ),
    (
        "def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\nclass Runner:\n    def __init__(self, g):\n        self.g = g\n    def run(self):\n        self.g(6)\nRunner(f).run()",
        6,
    ),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\nclass Runner:\n    pass\nRunner(f)\nf(5)", 5),
    (
        "def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\nclass Base:\n    def __init__(self, g):\n        g(6)\nclass Runner(Base):\n    pass\nRunner(f)",
        6,
    ),
    ("class C:\n    n = 5\nC.n = 7\ndef build():\n    tf.nn.static_rnn(cell, [x] * C.n)\nbuild()", 7),
    (
        "class C:\n    n = 5\ndef main():\n    C.n = 7\n    build()\ndef build():\n    tf.nn.static_rnn(cell, [x] * C().n)\nmain()",
        (5, 7, None),
    ),
    ("class C: pass\nc = C()\nsetattr(c, 'n', 6)\nN = c.n", 6),
    ("class C:\n    n = 5\nc = C()\nc.__dict__.update(n=6)\nN = c.n", 6),
    (
        "class C:\n    n = 5\nc = C()\ndef m0():\n    c.n = 1\ndef build():\n    tf.nn.static_rnn(cell, [x] * c.n)\nbuild()",
        5,
    ),
    ("xs = [a]\nclass D:\n    global xs\n    xs = [b, c]\nN = len(xs)", (1, 2, None)),
    ("class C:\n    n = 5\ndef f(c):\n    tf.nn.static_rnn(cell, [x] * c.n)\nf(C)", 5),
    ("class C:\n    n = 5\ndef f(*, c: C):\n    tf.nn.static_rnn(cell, [x] * c.n)", 5),
    ("class C:\n    def __init__(self):\n        self.n = 3\nc = C()\nclass D:\n    c = c\nN = D.c.n", 3),
    (
        "class B:\n    def f(self):\n        tf.nn.static_rnn(cell, [x] * self.n)\nclass C0(B):\n    n = 4\nC0().f()\nclass C1(B):\n    n = 4\nC1().f()\nclass C2(B):\n    n = 4\nC2().f()",
        4,
    ),
    (
        "class B:\n    def __init__(self, n=3):\n        self.n = n\n    def f(self):\n        tf.nn.static_rnn(cell, [x] * self.n)\nclass C(B):\n    pass\nclass D(B):\n    def __init__(self, k):\n        super(D, self).__init__(k)\nD(4).f()",
        4,
    ),
    (
        "class A:\n    def __init__(self, n):\n        self.n = n\nclass B(A):\n    pass\nclass C(B):\n    def __init__(self, m):\n        super().__init__(2 * m)\nN = C(4).n",
        8,
    ),
    (
        "class A:\n    def __init__(self, n):\n        self.n = n\nclass M:\n    pass\nclass B(M, A):\n    def __init__(self, n):\n        A.__init__(self, n)\nclass C(B):\n    def __init__(self, m):\n        B.__init__(self, 2 * m)\nN = C(4).n",
        8,
    ),
    (
        "class A:\n    def __init__(self, n):\n        self.n = n\nclass C(A):\n    def __init__(self, m):\n        build(A)\n        A.__init__(self, 2 * m)\n        A.__init__(self, 3 * m)\nN = C(4).n",
        8,
    ),
    (
        "net = tf.keras.Model()\nclass A:\n    def __call__(self, n):\n        tf.nn.static_rnn(cell, [x] * n)\na = A()\nb = A()\na(4)\nb(4)\nnet.a(5)",
        4,
    ),
    (
        "class Z:\n    def __call__(self, n): pass\nclass A:\n    def __call__(self, n):\n        tf.nn.static_rnn(cell, [x] * n)\na = A()\na(4)\ndef g():\n    a = Z()\n    a(7)",
        4,
    ),
    (
        "class C:\n    steps = 4\n    def __init__(self):\n        self.steps = 5\n        if True:\n            self.steps = 9\nN = C().steps",
        9,
    ),
    (
        "class C:\n    steps = 4\n    def __init__(self, big=True):\n        if big:\n            self.steps = 9\nN = C().steps",
        (4, 9, 9),
    ),
    (
        "class C:\n    steps = 4\n    def __init__(self, big=True):\n        if big:\n            self.steps = 9\nN = C(False).steps",
        (4, 9, 4),
    ),
    (
        "class B:\n    def build(self):\n        tf.nn.static_rnn(cell, [x] * self.n)\nclass C(B):\n    n = 4\n    def build(self):\n        super().build()\nC().build()",
        4,
    ),
    ("class C:\n    n = 3\nc = C()\nif k:\n    c.n = 5\nelse:\n    c.n = 6\n    tf.nn.static_rnn(cell, [x] * c.n)", 6),
]

FUNCTIONS: list[Case] = [
    ("def f(cfg):\n    tf.nn.static_rnn(cell, [x] * cfg['steps'])\nf({'steps': 30})\nf({'steps': 30, 'units': 2})", 30),
    (
        "def f(cfg):\n    tf.nn.static_rnn(cell, [x] * cfg['steps'])\nf({'steps': 30})\nf({'steps': 40, 'units': 2})",
        (30, 40, None),
    ),
    ("def N():\n    pass", None),
    (
        "import functools\ndef build(n, m):\n    tf.nn.static_rnn(cell, [x] * n)\ng = functools.partial(build, 7)\ng(1)",
        7,
    ),
    ("def f(*args):\n    tf.nn.static_rnn(cell, [x] * args[0])\nf(*load())", None),
    ("def f(*args):\n    tf.nn.static_rnn(cell, [x] * args[0])\nf(5, 6)", 5),
    ("def f(n, m):\n    tf.nn.static_rnn(cell, [x] * m)\nf(*load())", None),
    ("def f(n, m):\n    tf.nn.static_rnn(cell, [x] * m)\nxs = [4] * 3\nf(*xs)", 4),
    ("def f(n, m=9):\n    tf.nn.static_rnn(cell, [x] * m)\nf(*[5])", 9),
    ("def f(n, m=9):\n    tf.nn.static_rnn(cell, [x] * m)\nf(*[5, 8])", 8),
    ("def f(n, m=9):\n    tf.nn.static_rnn(cell, [x] * m)\nf(**{'n': 5})", 9),
    ("def f(n, m=9):\n    tf.nn.static_rnn(cell, [x] * m)\nopts = {'n': 5, key: 7}\nf(**opts)", None),
    ("def f(**kw):\n    tf.nn.static_rnn(cell, [x] * kw['n'])\nf(**{'n': 5})", 5),
    ("def f(m, **kw):\n    tf.nn.static_rnn(cell, [x] * kw['n'])\nf(n=6, m=3)", 6),
    ("def f():\n    def g():\n        yield 1\n    return 5\nN = f()", 5),
    ("def f():\n    yield 5\nN = len(list(f()))", None),
    ("def f():\n    xs = []\n    add = lambda: xs.append(a)\n    add()\n    return len(xs)\nN = f()", None),
    (
        "def f():\n    xs = []\n    def add():\n        xs.append(a)\n    add()\n    add()\n    return xs\nN = len(f())",
        2,
    ),
    ("xs = []\ndef add():\n    xs.append(a)\ndef more():\n    add()\nmore()\nN = len(xs)", None),
    (
        "def grow(xs, n):\n    if n:\n        xs.append(a)\n        grow(xs, n - 1)\nxs = []\ngrow(xs, 3)\nN = len(xs)",
        3,
    ),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\ntable = {'a': f, 'b': other}\ntable['a'](6)", 6),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\ntable = {'a': f, 'b': other}\ntable['b'](6)\ntable['a'](7)", 7),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\nother[f](6)", None),
    ("def run(g=(lambda n: tf.nn.static_rnn(cell, [x] * n))):\n    g(6)\nrun()", 6),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\ndef run(g=f):\n    g(6)\nrun()", 6),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\ndef run(k=3, g=f):\n    g(k)\nrun()", 3),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\ndef choose():\n    return f\nchoose()(6)", 6),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\ndef choose():\n    return f\ng = choose()\ng(6)", 6),
    (
        "def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\ndef choose():\n    return f\nprint(choose())\ng = choose()\ng(6)",
        6,
    ),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\ndef call(g):\n    g(6)\ncall(f)", 6),
    (
        "def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\ndef call(g, depth):\n    call(g, depth + 1)\n    g(6)\ncall(f, 0)",
        6,
    ),
    ("from functools import partial\ndef f(n):\n    tf.nn.static_rnn(cell, [x] * n)\npartial(f)(6)", 6),
    ("from functools import partial\ndef f(n):\n    tf.nn.static_rnn(cell, [x] * n)\ng = partial(f, 6)\ng()", 6),
    ("from functools import partial\ndef f(n, m):\n    tf.nn.static_rnn(cell, [x] * m)\npartial(f, 1)(6)", 6),
    (
        "from functools import partial\ndef f(n, m):\n    tf.nn.static_rnn(cell, [x] * m)\nrun(partial(f, 1))\nf(1, 5)",
        5,
    ),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\nt = tf.make_template('t', f)\nt(6)", 6),
    ("def f(n, m):\n    tf.nn.static_rnn(cell, [x] * m)\nt = tf.make_template('t', f, n=2)\nt(m=6)", 6),
    ("f = lambda n: tf.nn.static_rnn(cell, [x] * n)\nf(6)", 6),
    ("def outer():\n    return lambda n: tf.nn.static_rnn(cell, [x] * n)\nouter()(6)", 6),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\nassert f\nfor g in (f,):\n    g(6)", 6),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\na.b().c = f\na.b().c(5)", None),
    ("def f(n):\n    return f\n    tf.nn.static_rnn(cell, [x] * n)\nf(5)", 5),
    (
        "d = {'n': 5}\ndef m0():\n    d['n'] = 0\ndef m1():\n    d['n'] = 1\ndef m2():\n    d['n'] = 2\ndef m3():\n    d['n'] = 3\ndef m4():\n    d['n'] = 4\ndef m5():\n    d['n'] = 5\ndef m6():\n    d['n'] = 6\ndef m7():\n    d['n'] = 7\ndef m8():\n    d['n'] = 8\ndef m9():\n    d['n'] = 9\ndef m10():\n    d['n'] = 10\ndef m11():\n    d['n'] = 11\ndef m12():\n    d['n'] = 12\ndef m13():\n    d['n'] = 13\ndef m14():\n    d['n'] = 14\ndef m15():\n    d['n'] = 15\ndef m16():\n    d['n'] = 16\ndef m17():\n    d['n'] = 17\ndef m18():\n    d['n'] = 18\ndef m19():\n    d['n'] = 19\ndef m20():\n    d['n'] = 20\ndef m21():\n    d['n'] = 21\ndef m22():\n    d['n'] = 22\ndef m23():\n    d['n'] = 23\ndef m24():\n    d['n'] = 24\ndef m25():\n    d['n'] = 25\ndef m26():\n    d['n'] = 26\ndef m27():\n    d['n'] = 27\ndef m28():\n    d['n'] = 28\ndef m29():\n    d['n'] = 29\ndef build():\n    tf.nn.static_rnn(cell, [x] * d['n'])\nbuild()",
        None,
    ),
    (
        "d = {'n': 5}\ndef a():\n    d['n' + ''] = 8\n    q.n = 8\n    d['m'] = {'n': 2}\ndef build():\n    tf.nn.static_rnn(cell, [x] * d['n'])\nbuild()",
        5,
    ),
    ("def f():\n    xs = []\n    run(lambda: tf.nn.static_rnn(cell, xs))\n    xs.append(a)\nf()", None),
    ("def f():\n    xs = []\n    run(lambda: xs.append(a))\n    tf.nn.static_rnn(cell, xs)\nf()", None),
    (
        "x = tf.zeros([2, 5])\nfor i in range(3):\n    def g():\n        return 1\n    match i:\n        case 1:\n            x = tf.nn.relu(x)\ntf.nn.static_rnn(cell, tf.unstack(x, axis=1))",
        5,
    ),
    ("n = 4\ndef change():\n    global n\n    n = 5\nchange()\nN = n", (4, 5, None)),
    ("n = 4\ndef change():\n    global n\n    n = 5\nN = n", 4),
    ("def f(c: undefined):\n    tf.nn.static_rnn(cell, [x] * c.n)", None),
    ("def f(c: int):\n    tf.nn.static_rnn(cell, [x] * c)", None),
    ("def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\nx[f](3)\nf(4)", 4),
    (
        "def f(n):\n    tf.nn.static_rnn(cell, [x] * n)\ndef choose(k):\n    return f\ndef other(choose):\n    choose(3)(7)\nchoose(2)(6)",
        6,
    ),
    (
        "import functools\n@functools.lru_cache()\ndef f(*args):\n    tf.nn.static_rnn(cell, [x] * args[0])\nf(*z, 3)",
        None,
    ),
    ("def f(*args):\n    return [x] * args[0]\nN = len(f(*load()))", None),
    ("def f(n, m):\n    return m\nN = f(*load())", None),
    ("def f(n, m=3):\n    return m\nN = f(**load())", None),
]

LISTS: list[Case] = [
    ("xs = [a, b]\nN = xs.pop()", None),
    ("xs = []\nif c:\n    xs.append(a)\n    tf.nn.static_rnn(cell, xs)", 1),
    ("xs = []\nif c:\n    xs.append(a)\n    xs.append(b)\nelse:\n    xs.append(a)\n    tf.nn.static_rnn(cell, xs)", 1),
    ("xs = []\nif True:\n    xs.append(a)\nN = len(xs)", 1),
    ("xs = []\nif False:\n    xs.append(a)\nelse:\n    xs += [a, b]\nN = len(xs)", 2),
    ("xs = []\nif False:\n    xs.append(a)\nN = len(xs)", None),
    ("xs = []\nfor t in range(3):\n    tf.nn.static_rnn(cell, xs)\n    xs.append(t)", None),
    ("xs = []\na.b = xs.append\na.b(x)\nN = len(xs)", None),
    ("xs = []\na.b = add = xs.append\nadd(x)\nN = len(xs)", 1),
    (
        "xs = []\nfor i in range(3):\n    if i == 0:\n        continue\n    xs.append(a)\n    tf.nn.static_rnn(cell, xs)",
        None,
    ),
    ("xs = []\nfor i in range(3):\n    if i:\n        xs.append(a)\n        y = tf.nn.static_rnn(cell, xs)", None),
    ("xs = [a]\nif c:\n    for i in range(3):\n        xs.append(a)\n    tf.nn.static_rnn(cell, xs)", 4),
    ("xs = []\nadd = xs.append\nadd(a)\nadd(b)\nN = len(xs)", 2),
    ("xs = [1, 2]\nxs[0] = 5\nN = xs[0]", 5),
    ("xs = [1, 2]\nys = xs\nys.zs[0] = 5\nf()[0] = 7\nN = xs[0]", 1),
    ("xs = ys = []\nys.append(a)\nN = len(xs)", 1),
    ("xs = ys = []\nxs.append(a)\nys.append(a)\nN = len(xs)", 2),
    ("xs = [1, 2]\nif c:\n    xs[0] = 5\n    if d:\n        N = xs[0]\n    tf.nn.static_rnn(cell, [x] * N)", 5),
    ("xs = []\nif c:\n    xs.append(a)\nelse:\n    tf.nn.static_rnn(cell, xs + [b])", 1),
]

DICTS: list[Case] = [
    ("d = {'a': 3}\nN = d.popitem()", None),
    ("if c:\n    d = {'a': 3}\nelse:\n    d = {'a': 3, 'b': 4}\nN = d['a']", 3),
    ("N = 3\nif 'k' in load({}):\n    N = 5", (3, 5, None)),
    ("d = {key: 1}\nN = 3\nif 'k' in d:\n    N = 5", (3, 5, None)),
    ("d = {'a': 3, 'b': 3}\nN = d[k]", 3),
    ("d = {'a': 3, 'b': 5}\nN = d[k]", (3, 5, None)),
    ("d = {**load(), 'a': 3}\nN = d['a']", 3),
    ("d = {'a': 3, **load()}\nN = d['a']", None),
    ("d = {'a': 3, key: 1}\nN = d['a']", (1, 3, None)),
    ("d = dict(a=3, **load())\nN = d['a']", 3),
    ("d = {k: f(v) for k, v in {'n': 4}.items()}\nN = d['n']", None),
    ("d = {k: v for k, v in load()}\nN = d['n']", None),
    ("d = {k: v for k, v in zip('n', [4]).more()}\nN = d['n']", None),
    ("d = {'n': 5}\nd.update(n=6)\nN = d['n']", 6),
    ("d = {'n': 5}\nupdate(d)\nupdate()\na.b.update(d)\nN = d['n']", 5),
    ("d = {'a': 3, key: 3}\nN = d['a']", 3),
    ("d = {**{'a': 3}, 'a': 4}\nN = d['a']", 4),
    ("N = {'a': 1}.popitem()", None),
    ("d = {'n': 3}\nif c:\n    d['n'] = 5\nelse:\n    tf.nn.static_rnn(cell, [x] * d['n'])", 3),
    ("d = {'n': 3}\nif c:\n    d['n'] = 5\n    tf.nn.static_rnn(cell, [x] * d['n'])", 5),
    (
        "d = {'n': 3}\nwhile more():\n    if c:\n        d['n'] = 5\n    else:\n        tf.nn.static_rnn(cell, [x] * d['n'])",
        (3, 5, None),
    ),
]

TENSORS: list[Case] = [
    ("import numpy as np\nN = tf.zeros([3, 4]).shape[1].item()", 4),
    ("N = tf.zeros([3, 4]).get_shape()[1].numpy()", 4),
    ("x = tf.zeros([3, 4])\nN = 5 if x.set_shape([3, 4]) is None else 6", (5, 6, 5)),
    ("a, b = tf.zeros([2, 5])\ntf.nn.static_rnn(cell, tf.unstack(a))", 5),
    ("for size in (10, 20):\n    tf.nn.static_rnn(cell, ([x] * 50)[:size])", (10, 20, 20)),
    ("for size in (10, 20):\n    tf.nn.static_rnn(cell, ([x] * 15)[:size])", (10, 15, 15)),
    ("for size in (0, 20):\n    tf.nn.static_rnn(cell, ([x] * 15)[:size])", None),
    ("N = tf.zeros([3, 4])[0, 1, 2].shape[0]", None),
    ("N = len(list(tf.zeros([3, 4])))", 3),
    ("t = tf.make_template('t')\nN = t(4)", None),
    ("N = tf.zeros([3, 4]).shape[0] if c else 3", 3),
    (
        "x = tf.zeros([2, 5])\nfor i in range(3):\n    x: object = f(x)\ntf.nn.static_rnn(cell, tf.unstack(x, axis=1))",
        None,
    ),
    (
        "x = tf.zeros([2, 5])\nfor i in range(3):\n    x: tf.Tensor = tf.nn.relu(x)\ntf.nn.static_rnn(cell, tf.unstack(x, axis=1))",
        5,
    ),
    (
        "x = tf.zeros([2, 5])\nfor i in range(3):\n    print(x := tf.nn.relu(x))\ntf.nn.static_rnn(cell, tf.unstack(x, axis=1))",
        5,
    ),
    (
        "x = tf.zeros([2, 5])\nfor i in range(3):\n    f(x).y = x\n    x = tf.nn.relu(x)\ntf.nn.static_rnn(cell, tf.unstack(x, axis=1))",
        5,
    ),
    (
        "x = tf.zeros([2, 5])\nfor i in range(3):\n    x, y = tf.nn.relu(x), 3\ntf.nn.static_rnn(cell, tf.unstack(x, axis=1))",
        5,
    ),
    (
        "x = tf.zeros([2, 5])\nfor i in range(3):\n    x, y, *z = tf.nn.relu(x), 3\ntf.nn.static_rnn(cell, tf.unstack(x, axis=1))",
        5,
    ),
    ("x = load()\nx.set_shape([None, 7])\ntf.nn.static_rnn(cell, tf.unstack(x, axis=1))", 7),
    ("x = load()\nx.set_shape(shape)\ntf.nn.static_rnn(cell, tf.unstack(x, axis=1))", None),
    (
        "x = load()\nif False:\n    x.set_shape([None, 6])\nx.set_shape([None, 7])\ntf.nn.static_rnn(cell, tf.unstack(x, axis=1))",
        7,
    ),
    (
        "x = load()\nx.set_shape()\nx.set_shape([None, 7])\ny.set_shape([None, 8])\ntf.nn.static_rnn(cell, tf.unstack(x, axis=1))",
        7,
    ),
    ("x = tf.zeros([*load(), 3])\ntf.nn.static_rnn(cell, tf.unstack(x))", None),
    ("x = tf.zeros(*load())\ntf.nn.static_rnn(cell, tf.unstack(x))", None),
    ("x = load()\nx.set_shape([None, 7])\nif c:\n    tf.nn.static_rnn(cell, tf.unstack(x, axis=1))", 7),
    ("x = load()\nif c:\n    x.set_shape([None, 5])\nelse:\n    tf.nn.static_rnn(cell, tf.unstack(x, axis=1))", None),
    ("x = load()\nif c:\n    x.set_shape([None, 5])\n    tf.nn.static_rnn(cell, tf.unstack(x, axis=1))", 5),
    ("x = load()\nif c:\n    x.set_shape([None, 5])\nelif d:\n    tf.nn.static_rnn(cell, tf.unstack(x, axis=1))", None),
    (
        "x = load()\nfor i in range(9):\n    if i == 1:\n        x.set_shape([None, 5])\n    else:\n        tf.nn.static_rnn(cell, tf.unstack(x, axis=1))",
        5,
    ),
]

EXPRESSIONS: list[Case] = [
    ("print 'a'\nN = 100 / 7", 14),
    ("N = int(1.0 / 0.0)", None),
    ("N = int(1e300 * 1e300)", None),
    ("N = int(2.0 ** 5000)", None),
    ("a = load()\nN = a.reshape([5, 3]).shape[0]", 5),
    ("import math\na = load()\nN = math.ceil(*a)", None),
    ("N = len(*[[1, 2]])", None),
    ("with open('a') as N:\n    pass", None),
    ("try:\n    pass\nexcept E as N:\n    pass", None),
    ("import os as N", None),
    ("if (N := 6):\n    pass", 6),
    ("N = 3\nif k in [a, load()]:\n    N = 5", (3, 5, None)),
    ("N = len([1, 2, 3][::0])", None),
    ("N = getattr(c, name)", None),
    ("from tqdm import tqdm\nN = len(tqdm([1, 2, 3]))", 3),
    ("N = len(range())", None),
    ("N = len(range(1, 5, 0))", None),
    ("N = int('x')", None),
    (
        "import argparse\np = argparse.ArgumentParser()\nnames = ['-s', '--steps']\np.add_argument(*names, type=int, default=58)\nN = p.parse_args().steps",
        58,
    ),
    (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument(*['-s', '--steps'], type=int, default=58)\nN = p.parse_args().steps",
        58,
    ),
    ("from collections import namedtuple\nC = namedtuple('C')\nN = C(n=4).n", 4),
    ("from collections import namedtuple\nC = namedtuple('C', field_names='a n')\nN = C(3, 4).n", None),
    ("N = load()()", None),
    ("N = [1, 2].pop()", None),
    ("import math\nN = math.ceil(*load())", None),
    ("N = sum(*load())", None),
    ("N = f(*load())(*more())", None),
    ("a = []\na[0] += 3\nN = a[0]", None),
    ("if True:\n    n = 3\nfor i in z:\n    if i:\n        n = 4\nN = n", (3, 4, None)),
    ("import math\nN = math.ceil(2.5)", 3),
    ("N = sum([1, 2], 10)", 13),
    ("class A:\n    def f(*c):\n        tf.nn.static_rnn(c.cell, c.rows)", None),
    ("class A:\n    def f(*, c):\n        c.rows = [x] * 5\n        tf.nn.static_rnn(c.cell, c.rows)", 5),
    ("class A:\n    def f(self, c):\n        self.rows = [x] * 5\n        tf.nn.static_rnn(c, self.rows)", 5),
    ("N = sum([1, 2], start=10)", None),
    ("N = max(3, 9, key=f)", None),
    ("N = min([5, 2], default=1)", 2),
    ("N = min([], default=1)", None),
    ("a = load()\nN = a.resized([5, 3]).shape[0]", None),
    ("a = load()\nN = a.reshape().shape[0]", None),
    ("class C: pass\nc = C()\nc.n = 5\ndel c.n\nc.n = 6\nN = c.n", 6),
    ("N = 4 if __name__ == '__main__' else 9", (4, 9, 4)),
    ("n = 4\nif __name__ == 'other':\n    n = 9\nN = n", (4, 9, 4)),
    ("for n in [3, 5]:\n    tf.nn.static_rnn(cell, ([x] * 9)[:n])", (3, 5, 5)),
    ("for n in [3, 50]:\n    tf.nn.static_rnn(cell, ([x] * 9)[:n])", (3, 9, 9)),
    ("for n in [0, 5]:\n    tf.nn.static_rnn(cell, ([x] * 9)[:n])", None),
    ("for n in [1, 5]:\n    tf.nn.static_rnn(cell, ([x] * 9)[:n])", (1, 5, 5)),
    ("for n in [9, 12]:\n    tf.nn.static_rnn(cell, ([x] * 9)[:n])", 9),
    ("for n in [10, 12]:\n    tf.nn.static_rnn(cell, ([x] * 9)[:n])", None),
    ("for n in [3, 5]:\n    tf.nn.static_rnn(cell, ([x] * 9)[1:n])", None),
    ("for n in [3, 5]:\n    tf.nn.static_rnn(cell, ([x] * 9)[:n:1])", None),
    ("N = next(iter([4, 5]))", (4, 5, None)),
    ("N = next(iter([]), 3)", None),
    ("N = len(next(zip([1], [2])))", 2),
    ("N = [4, 5, 6][1:][0]", 5),
    ("N = [4, 5, 6][-2:][0]", 5),
    ("N = [4, 5, 6][::-1][0]", 6),
    ("N = len(range(5)[1:3])", 2),
    ("N = 7 if 4 != 4 else 8", (7, 8, 8)),
    ("N = 7 if 1 in [1, 2] else 8", (7, 8, 7)),
    ("N = 7 if 3 not in [1, 2] else 8", (7, 8, 7)),
    ("N = 7 if None is None else 8", (7, 8, 7)),
    ("N = 7 if None is not None else 8", (7, 8, 8)),
    ("N = 7 if not 0 else 8", (7, 8, 7)),
    ("N = 0 or 6", 6),
    ("N = 3 and 6", 6),
    ("N = None or 6", 6),
    ("N = -(-7 // 2)", 4),
    ("N = -7 // 2 + 9", 5),
    ("N = -7 % 3", 2),
    ("N = 7 % -3 + 9", 7),
    ("N = 2 ** 3 ** 0", 2),
    ("N = 1 << 3", 8),
    ("N = 17 >> 2", 4),
    ("N = divmod(17, 5)[0]", 3),
    ("N = divmod(17, 5)[1]", 2),
    ("N = int(-2.5) + 5", 3),
    ("N = pow(2, 5)", 32),
    ("N = len([i for i in range(9) if i % 2])", None),
    ("N = len(list(zip([1, 2], [3])))", 1),
    ("def f():\n    def inner():\n        yield 1\n    return 7\nN = f()", 7),
    ("def f():\n    yield 1\n    return 7\nN = f()", None),
    ("def f():\n    x = lambda: (yield)\n    return 7\nN = f()", 7),
    ("def f():\n    class A:\n        def g(self):\n            yield 2\n    return 7\nN = f()", 7),
    ("def f():\n    if c:\n        for i in z:\n            yield from i\n    return 7\nN = f()", None),
]

SCOPES: list[Case] = [
    ("xs = [a] * 3\nf = lambda: (N := 4)\nN = f()", 4),
    ("N = len([y for y in [1, 2] if (z := y)])", None),
    ("N = sum([x for [x, *y] in [[1, 2]]])", None),
    ("N = len([0 for a.b in [1, 2]])", 2),
    ("N = len([0 for xs[0] in [1, 2]])", 2),
    ("try:\n    N = 3\nfinally:\n    N = 4", 4),
    ("try:\n    N = 3\nexcept E:\n    raise\nelse:\n    N = 5", 5),
    ("def f():\n    try:\n        return 3\n    finally:\n        pass\nN = f()", 3),
    ("try:\n    exit()\nexcept E:\n    N = 3", 3),
    ("def f():\n    return\nN = f()", None),
    ("N = 4 if (lambda: 0)() else 4", 4),
    ("class A:\n    n: int = 3\n    class B:\n        m = 4\nN = A.B.m", 4),
    ("x = x.y\nN = x", None),
    ("while x:\n    x = x.y\nN = x.z", None),
    ("class C:\n    pass\nc = C()\nc.__dict__['n'] = 5\nN = c.n", 5),
    ("fs = [lambda: self_, lambda: 0]\nN = len(fs)", 2),
    ("x = {1, 2}\nN = x", None),
    ("N, M = {3: 1, 4: 2}", None),
    ("xs = [f, g]\nN = xs[0](3)", None),
    ("N = 3\nimport os.path as p\nN = N", 3),
    ("@f((lambda: 4)())\ndef g(): return 3\nN = g()", 3),
]

STARS: list[tuple[str, Wanted, dict[str, str]]] = [
    (
        "def import_module(name):\n    return None\nm = import_module('consts')\nN = m.STEPS",
        None,
        {"consts.py": "STEPS = 6\n"},
    ),
    ("from consts import *\nN = STEPS", 6, {"consts.py": "from more import *\n", "more.py": "STEPS = 6\n"}),
    (
        "from consts import *\nN = STEPS",
        6,
        {"consts.py": "from more import *\nfrom tensorflow import *\n", "more.py": "from consts import *\nSTEPS = 6\n"},
    ),
    ("from consts import *\nN = math", None, {"consts.py": "from tensorflow import *\n"}),
]
