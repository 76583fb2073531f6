/** A drawn card of a place: lines of latitude and longitude and a pin. No tiles, since nothing is fetched from elsewhere. */

import { draw } from "./dom.js";

const WIDTH = 280;
const HEIGHT = 150;
const SPAN = 8; // degrees of longitude from edge to edge

/** @param {number} latitude @param {number} longitude */
export function mapCard(latitude, longitude) {
  const scale = WIDTH / SPAN;
  const x = (lon) => WIDTH / 2 + (lon - longitude) * scale;
  const y = (lat) => HEIGHT / 2 + 12 - (lat - latitude) * scale;
  const card = draw("svg", { class: "map", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": coordinates(latitude, longitude) });
  card.append(draw("rect", { class: "map-ground", width: WIDTH, height: HEIGHT }));
  for (let step = -4; step <= 4; step += 1) {
    const lon = Math.round(longitude) + step;
    card.append(draw("path", { class: lon % 5 ? "map-line" : "map-line strong", d: `M${x(lon)} 0V${HEIGHT}` }));
    if (lon % 2 === 0) card.append(draw("text", { class: "map-label", x: x(lon) + 3, y: HEIGHT - 5 }, degrees(((lon + 540) % 360) - 180, "E", "W")));
  }
  for (let step = -3; step <= 3; step += 1) {
    const lat = Math.round(latitude) + step;
    card.append(draw("path", { class: lat % 5 ? "map-line" : "map-line strong", d: `M0 ${y(lat)}H${WIDTH}` }));
    if (lat % 2 === 0 && y(lat) > 12 && y(lat) < HEIGHT - 16) card.append(draw("text", { class: "map-label", x: 4, y: y(lat) - 3 }, degrees(lat, "N", "S")));
  }
  const pin = draw("g", { transform: `translate(${WIDTH / 2} ${HEIGHT / 2 + 12})` });
  pin.append(draw("ellipse", { class: "map-shadow", rx: 8, ry: 3 }), draw("path", { class: "map-pin", d: "M0 0C-11-14-14-20-14-27a14 14 0 0 1 28 0c0 7-3 13-14 27z" }), draw("circle", { class: "map-eye", cy: -27, r: 5.5 }));
  card.append(pin);
  return card;
}

/** @param {number} value @param {string} above @param {string} below */
const degrees = (value, above, below) => `${Math.abs(value)}°${value === 0 ? "" : value > 0 ? above : below}`;

/** @param {number} latitude @param {number} longitude */
export const coordinates = (latitude, longitude) => `${Math.abs(latitude).toFixed(4)}° ${latitude < 0 ? "S" : "N"}, ${Math.abs(longitude).toFixed(4)}° ${longitude < 0 ? "W" : "E"}`;
