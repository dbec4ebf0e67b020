"""The question with its faces. In: a QuestionView. Out: which face lies under a point."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup, PopMatrix, PushMatrix, Scale
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.relativelayout import RelativeLayout
from kivy.uix.widget import Widget

from kiosk import palette
from kiosk.screens import drawing, typography
from kiosk.view import Cell, QuestionView

WORDS = 120
"""Height kept for the words of a cell."""
TALLEST = 3.2
"""A cell is at most this much taller than a fifth of the screen is wide: low enough for a short arm."""
PRESSED = 0.92
"""A face under a finger shrinks to this: seen beside the finger, and without any animation."""


class FaceCell(Widget):  # type: ignore[misc] # Kivy has no types
    """One answer: a card, a face or a number, its words in two languages."""

    words = StringProperty("")
    words_sub = StringProperty("")
    words_step = NumericProperty(3)
    scale = NumericProperty(1.0)
    card_width = NumericProperty(1.0)
    words_middle = NumericProperty(0.0)

    def __init__(self, cell: Cell) -> None:
        super().__init__(size_hint=(None, None), words=cell.words.main, words_sub=cell.words.sub)
        self.cell = cell
        self._paint = InstructionGroup()
        self.canvas.before.add(self._paint)

    def place(self, box: tuple[float, float, float, float], scale: float, radius: float) -> None:
        """Lay the cell out in x, y, width, height; the touch area is all of it, the card a little less."""
        self.pos, self.size, self.scale = box[:2], box[2:], scale
        self._radius = radius
        self.card_width = self.width - 14 * scale
        free = self.height - 2 * radius - WORDS * scale
        has_face = self.cell.face != "none"
        self._face_at = (self.center_x, self.top - free * 0.45 - radius)
        below = self._face_at[1] - radius - free * 0.15 - WORDS * scale / 2
        self.words_middle = below if has_face else self.center_y
        self.paint()

    def show(self, cell: Cell) -> None:
        """Draw the pressed or the free face; nothing at all when it is drawn already."""
        if cell != self.cell:
            self.cell = cell
            self.paint()

    def paint(self) -> None:
        """Draw card and face anew."""
        paint, scale, head = self._paint, self.scale, palette.HEADS[self.cell.face]
        paint.clear()
        pressed = self.cell.pressed
        card = palette.mixed(head, palette.CARD, 0.35) if pressed else palette.CARD
        corner = (self.center_x - self.card_width / 2, self.y)
        size, line = (self.card_width, self.height), (4 if pressed else 2) * scale
        drawing.draw_box(paint, corner, size, 26 * scale, head if pressed else palette.EDGE)
        inside = (corner[0] + line, corner[1] + line), (size[0] - 2 * line, size[1] - 2 * line)
        drawing.draw_box(paint, *inside, 26 * scale - line, card)
        if self.cell.face != "none":
            self._face(paint, pressed)

    def _face(self, paint: InstructionGroup, pressed: bool) -> None:
        paint.add(PushMatrix())
        shrink = PRESSED if pressed else 1.0
        paint.add(Scale(shrink, shrink, 1, origin=self._face_at))
        drawing.draw_face(paint, self.cell.face, self._face_at, self._radius)
        paint.add(PopMatrix())
        paint.add(Color(1, 1, 1, 1))


class QuestionScreen(RelativeLayout):  # type: ignore[misc] # Kivy has no types
    """Where it is, what is asked, the faces over the full height that is left, the state of the line."""

    where = StringProperty("")
    where_sub = StringProperty("")
    question = StringProperty("")
    question_sub = StringProperty("")
    status = StringProperty("")
    status_sub = StringProperty("")
    online = BooleanProperty(True)
    scale = NumericProperty(1.0)
    margin = NumericProperty(0.0)
    asking = NumericProperty(0.0)
    """Height of the room between header and cells, and its middle."""
    asking_middle = NumericProperty(0.0)
    footer = NumericProperty(0.0)
    upright = BooleanProperty(False)

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self.cells: list[FaceCell] = []
        self.bind(size=self._measure)
        self._measure()

    def show(self, view: QuestionView) -> None:
        """Draw the view; cells are made anew only when other answers are offered."""
        self.where, self.where_sub = view.where
        self.question, self.question_sub = view.question
        self.status, self.status_sub = view.status
        self.online = view.online
        if [(c.face, c.words) for c in view.cells] != [(c.cell.face, c.cell.words) for c in self.cells]:
            self._offer(view.cells)
        for widget, cell in zip(self.cells, view.cells, strict=True):
            widget.show(cell)

    def cell_at(self, x: float, y: float) -> int | None:
        """The answer under a point: cells leave no gap between them."""
        found = (i for i, cell in enumerate(self.cells) if cell.collide_point(x, y))
        return next(found, None)

    def _offer(self, cells: tuple[Cell, ...]) -> None:
        for widget in self.cells:
            self.remove_widget(widget)
        self.cells = [FaceCell(cell) for cell in cells]
        for widget in self.cells:
            self.add_widget(widget)
        self._measure()

    def _measure(self, *_: object) -> None:
        self.upright = self.height > self.width
        self.scale = scale = typography.unit(*self.size)
        self.margin, self.footer = 36 * scale, 84 * scale
        header, least = 92 * scale, self.height * 0.24
        tallest = TALLEST * self.width / max(len(self.cells), 5)
        self._cells_top = min(self.height - header - least, self.footer + tallest)
        self.asking = self.height - header - self._cells_top - 16 * scale
        self.asking_middle = self._cells_top + 16 * scale + self.asking / 2
        self._place_cells()

    def _place_cells(self) -> None:
        if not self.cells:
            return
        side = self.margin - 7 * self.scale
        width = (self.width - 2 * side) / len(self.cells)
        height = self._cells_top - self.footer
        radius = min(width * 0.385, (height - WORDS * self.scale) * 0.40)
        step = self._words_step(width - 26 * self.scale)
        for i, cell in enumerate(self.cells):
            cell.words_step = step
            cell.place((side + i * width, self.footer, width, height), self.scale, radius)

    def _words_step(self, width: float) -> int:
        """One size for the words of all cells: the largest at which the longest of them fits."""
        room = typography.Room(width, most_lines=2 if self.upright else 1, heavy=True, scale=self.scale)
        return min(typography.fit(cell.words, 4, room)[0] for cell in self.cells)
