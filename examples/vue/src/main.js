import { createApp } from "vue";

import Checkout from "./Checkout.vue";
import "./style.css";

createApp(Checkout).mount("#app");
